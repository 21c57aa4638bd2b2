"""A thinking model on a real llama-server: its reasoning comes apart from its answer, and ends where it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from backend.catalog.card import Server
from backend.engine.remote.engine import RemoteEngine
from backend.events import Thought, Token
from tests.engine.conftest import LOCATE, SPEC, A, Reply, question
from tests.engine.remote.conftest import ask
from tests.engine.remote.llama_server import running
from tests.thinking import renamed_tokens

TEMPLATE = """\
{%- for message in messages -%}
{{ '<|im_start|>' + message.role + '\\n' }}
{%- if message.role == 'assistant' and message.reasoning_content -%}
{{ '<think>\\n' + message.reasoning_content + '\\n</think>\\n\\n' }}
{%- endif -%}
{%- if message.content is string -%}
{{ message.content }}
{%- else -%}
{%- for part in message.content -%}
{{ part.text if 'text' in part else '<|vision_start|><|image_pad|><|vision_end|>' }}
{%- endfor -%}
{%- endif -%}
{{ '<|im_end|>\\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}
{{ '<|im_start|>assistant\\n<think>\\n' }}
{%- endif -%}
"""
"""As a thinking Qwen3-VL is spoken to, as far as it matters here."""


@pytest.fixture(scope="module")
def thinker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteEngine]:
    folder = tmp_path_factory.mktemp("thinking")
    renamed_tokens(SPEC.text, folder / "thinking.gguf")
    (folder / "template.jinja").write_text(TEMPLATE)
    spoken = ("--jinja", "--chat-template-file", str(folder / "template.jinja"), "--reasoning-format", "deepseek")
    with running(folder / "log", *spoken, text=folder / "thinking.gguf") as server:
        engine = RemoteEngine("thinker", Server(server.url))
        yield engine
        engine.close()


def within(engine: RemoteEngine, budget: int | None) -> Reply:
    return ask(engine, replace(question(A, LOCATE, max_tokens=60), thinking_tokens=budget))


def reasoned(reply: Reply) -> str:
    return "".join(event.text for event in reply.events if isinstance(event, Token) and event.thinking)


def test_without_a_budget_a_model_may_reason_and_say_nothing(thinker: RemoteEngine) -> None:
    """The demo model was never taught to: what it reasons is its answer, and then it ends its turn."""
    reply = within(thinker, None)
    assert reasoned(reply).startswith('[{"bbox_2d"')
    assert reply.generated.text == ""
    assert not any(isinstance(event, Thought) for event in reply.events)


@pytest.mark.parametrize("budget", [6, 0])
def test_a_budget_ends_the_reasoning_there_and_an_answer_follows(thinker: RemoteEngine, budget: int) -> None:
    reply = within(thinker, budget)
    assert reply.generated.text
    assert reply.generated.timings.thinking_tokens <= max(1, budget)
    assert len(reasoned(reply)) < 20
