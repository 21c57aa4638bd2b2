"""A thinking model through the whole program: what it reasons is told apart, limited, and shown where it is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from backend.catalog.places import demo_folder
from backend.schema import json_schema
from tests.e2e.conftest import CIRCLE
from tests.e2e.program import Home
from tests.e2e.terminal import in_terminal
from tests.thinking import renamed_tokens

LOCATE = "Locate the red circle, report bbox coordinates in JSON format."
TABLE = """[models.thinker]
text = "{text}"
mmproj = "{mmproj}"
image_tokens = {{ min = 16, max = 42, default = 36 }}
sampling.text = {{ temperature = 0.0 }}
context = 4096
max_tokens = 256
thinking = true
thinking_tokens = 9
"""


@pytest.fixture
def thinker(home: Home) -> str:
    """A model of the user's own that thinks for nine tokens at most."""
    text = home.root / "thinking.gguf"
    home.root.mkdir(exist_ok=True)
    renamed_tokens(demo_folder() / "demo-Q8_0.gguf", text)
    settings = home.root / ".config" / "sightline" / "models.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(TABLE.format(text=text, mmproj=demo_folder() / "mmproj-demo-Q8_0.gguf"))
    return "thinker"


def test_the_reasoning_is_ended_and_the_answer_has_its_form(home: Home, scene: Path, thinker: str) -> None:
    done = home.sightline("ask", LOCATE, scene.name, "--json", "--model", thinker)
    assert (done.code, done.err) == (0, "")
    answer = json.loads(done.out)
    Draft202012Validator(json_schema()).validate(answer)
    assert answer["thinking"]
    assert answer["timings"]["thinking_tokens"] == 9
    assert "the reasoning was ended after 9 tokens; --thinking-tokens allows more" in answer["warnings"]
    assert isinstance(json.loads(answer["text"]), list)


def test_without_reasoning_the_circle_is_found(home: Home, scene: Path, thinker: str) -> None:
    done = home.sightline("ask", LOCATE, scene.name, "--json", "--model", thinker, "--thinking-tokens", "0")
    answer = json.loads(done.out)
    assert (answer["thinking"], answer["timings"]["thinking_tokens"]) == ("", 0)
    assert not any("reason" in warning for warning in answer["warnings"])
    (box,) = answer["boxes"]
    assert max(abs(a - b) for a, b in zip(box["bbox"], CIRCLE, strict=True)) < 20


def test_reasoning_is_shown_on_standard_error_and_only_on_demand(home: Home, scene: Path, thinker: str) -> None:
    silent, aloud = (
        home.sightline("ask", LOCATE, scene.name, "--model", thinker, *more) for more in ((), ("--show-thinking",))
    )
    assert silent.out == aloud.out
    reasoned = aloud.err.removesuffix(silent.err)
    assert reasoned.startswith('[{"bbox_2d"'), "the demo model knows nothing else to think"
    assert reasoned.endswith("\n")
    assert "\x1b" not in reasoned


def test_in_a_terminal_it_is_dimmed(home: Home, scene: Path, thinker: str) -> None:
    with in_terminal(home, "ask", LOCATE, scene.name, "--model", thinker, "--show-thinking") as terminal:
        assert terminal.end() == 0
        assert b"\x1b[2m[" in terminal.raw


def test_in_a_terminal_it_is_counted(home: Home, scene: Path, thinker: str) -> None:
    with in_terminal(home, "ask", LOCATE, scene.name, "--model", thinker) as terminal:
        assert terminal.end() == 0
        assert "thinking … 9 tokens".encode() in terminal.raw
        assert "thinking" not in terminal.text.partition("note:")[0]


def test_a_budget_is_a_number_of_tokens(home: Home, scene: Path) -> None:
    done = home.sightline("ask", LOCATE, scene.name, "--thinking-tokens", "-1")
    assert done.code == 2
    ignored = home.sightline("ask", LOCATE, scene.name, "--thinking-tokens", "5")
    assert ignored.code == 0
    assert "does not reason before it answers" in ignored.err
