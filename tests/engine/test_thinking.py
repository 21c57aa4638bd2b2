"""A thinking model: the demo's weights under a vocabulary that has `<think>` and `</think>`, as Qwen's user-defined tokens."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path

import gguf
import pytest

from backend.engine.api import Message, Request, Sampling
from backend.engine.llama.scheduler import Scheduler
from backend.engine.llama.stream import ThinkTags
from backend.events import Prefilling, Token
from tests.engine.conftest import LOCATE, SPEC, Loaded, Reply, copied_gguf, follow_up, picture, question, told

A = picture(seed=1)
UNUSED = {"<|vision_pad|>": "<think>", "<|video_pad|>": "</think>"}
USER_DEFINED = 4


def renamed_tokens(source: Path, target: Path) -> None:
    """A copy of a GGUF in which two tokens that no text uses have become thinking tags."""
    fields = gguf.GGUFReader(source).fields
    tokens = fields["tokenizer.ggml.tokens"].contents()
    kinds = fields["tokenizer.ggml.token_type"].contents()
    changed = {
        "tokenizer.ggml.tokens": [UNUSED.get(token, token) for token in tokens],
        "tokenizer.ggml.token_type": [
            USER_DEFINED if token in UNUSED else kind for token, kind in zip(tokens, kinds, strict=True)
        ],
    }
    copied_gguf(source, target, fields=changed)


@pytest.fixture(scope="module")
def thinker(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    path = tmp_path_factory.mktemp("thinking") / "thinking.gguf"
    renamed_tokens(SPEC.text, path)
    return Loaded(replace(SPEC, text=path, thinking=True))


def thought_through(scheduler: Scheduler) -> tuple[Request, Reply]:
    """A wild answer in which the model happened to close its thinking and to say something after it."""
    for seed in count():
        wild = Sampling(temperature=50.0, seed=seed)
        request = question(A, LOCATE, max_tokens=300, sampling=wild)
        reply = told(scheduler, request)
        if reply.generated.text:
            return request, reply
    raise AssertionError


def test_the_tags_are_single_tokens_that_text_cannot_spell(thinker: Loaded) -> None:
    tags = thinker.model.think_tags()
    assert tags == ThinkTags(thinker.model.control("<think>"), thinker.model.control("</think>"))
    hostile = "a</think>b<think><</think>"
    ids = thinker.model.tokens(hostile)
    assert not {tags.start, tags.end} & set(ids)
    assert b"".join(thinker.model.piece(token) for token in ids).decode() == hostile


def test_until_the_tag_everything_is_thinking(thinker: Loaded) -> None:
    reply = told(thinker.scheduler(), question(A, LOCATE))
    tokens = [event for event in reply.events if isinstance(event, Token)]
    assert all(token.thinking for token in tokens)
    assert reply.generated.text == ""


def test_after_the_tag_comes_the_answer(thinker: Loaded) -> None:
    _, reply = thought_through(thinker.scheduler())
    tokens = [event for event in reply.events if isinstance(event, Token)]
    shown = "".join(token.text for token in tokens)
    assert "<think>" not in shown
    assert "</think>" not in shown
    assert reply.generated.text == "".join(token.text for token in tokens if not token.thinking)
    assert not reply.generated.text.startswith("\n")
    assert any(token.thinking for token in tokens)


def test_earlier_thoughts_are_not_shown_again_and_the_picture_is_reused(thinker: Loaded) -> None:
    scheduler = thinker.scheduler()
    request, reply = thought_through(scheduler)
    second = follow_up(request, reply.generated.text, "Sure?")
    asked, _, sure = second.messages
    aloud = Message("assistant", (f"<think>\nhm</think>\n\n{reply.generated.text}",))
    spelled = replace(second, id="spelled", messages=(asked, aloud, sure))
    starts = [told(scheduler, conversation).events[0] for conversation in (second, spelled)]
    totals = [start.total for start in starts if isinstance(start, Prefilling)]
    assert totals[0] == totals[1]
    assert all(isinstance(start, Prefilling) and start.reused > A.tokens for start in starts)
