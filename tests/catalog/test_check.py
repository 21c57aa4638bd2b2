"""Which two files make one model, and what is said about two that do not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from backend.catalog import check_pair, load_catalog
from backend.catalog.check import rows_made, rows_wanted
from backend.errors import ModelError
from tests.catalog.pairs import DEMO_MMPROJ, DEMO_TEXT, Projector, TextModel, write_pair


def test_the_demo_belongs_together() -> None:
    report = check_pair(DEMO_TEXT, DEMO_MMPROJ, load_catalog().card("demo"))
    assert report.ok, report.problems
    assert report.notes == ()
    language, vision = report.require()
    assert language.architecture == "qwen3vl"
    assert rows_wanted(language) == rows_made(vision) > (language.own("embedding_length") or 0)


def test_swapped_files_are_recognised() -> None:
    report = check_pair(DEMO_MMPROJ, DEMO_TEXT)
    assert [problem.message for problem in report.problems] == [
        f"these two look swapped: “{DEMO_MMPROJ}” is the vision projector and “{DEMO_TEXT}” the language model"
    ]
    with pytest.raises(ModelError, match="swapped"):
        report.require()


@pytest.mark.parametrize(
    ("text", "vision", "said"),
    [
        (TextModel(), Projector(out=128), "takes pictures 192 numbers wide, “{mmproj}” makes them 384 wide"),
        (TextModel(), Projector(deepstack=3), "expects 2 deepstack layers, “{mmproj}” has 3"),
        (TextModel(embedding=96, deepstack=1), Projector(out=64, deepstack=2), "expects 1 deepstack layers"),
        (
            TextModel(),
            Projector(projector="qwen2vl_merger"),
            "of kind “qwen2vl_merger”; “{text}” (qwen3vl) needs qwen3vl_merger",
        ),
        (TextModel(architecture="qwen2vl", deepstack=0), Projector(deepstack=0), "needs qwen2vl_merger or qwen2.5vl_merger"),
        (TextModel(architecture="llama"), Projector(), "“{text}” is a model of architecture “llama”"),
        (TextModel(layers=0), Projector(), "does not say its block_count"),
        (TextModel(layers=7_000_000), Projector(), "describes a model that cannot be"),
        (TextModel(rope_sections=(9, 10, 200, 0)), Projector(), "describes a model that cannot be"),
        (TextModel(numbers={"split.count": 3}), Projector(), "is one of 3 parts of a split model"),
        (TextModel(), TextModel(architecture="bert"), "“{mmproj}” says that it is “bert”, not a vision projector"),
        (TextModel(), Projector(vision=False), "“{mmproj}” is a projector without a vision tower"),
        (TextModel(), Projector(head=False), "has no projection layer"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, text: TextModel, vision: Projector | TextModel, said: str) -> None:
    text_path, mmproj_path = text.write(tmp_path / "text.gguf"), vision.write(tmp_path / "mmproj.gguf")
    report = check_pair(text_path, mmproj_path)
    assert not report.ok
    assert said.format(text=text_path, mmproj=mmproj_path) in report.problems[0].message
    assert all(problem.cure for problem in report.problems)


@pytest.mark.parametrize("projector", ["qwen2vl_merger", "qwen2.5vl_merger"])
def test_older_qwen_pairs_belong_together(tmp_path: Path, projector: str) -> None:
    text = TextModel(architecture="qwen2vl", deepstack=0).write(tmp_path / "text.gguf")
    vision = Projector(projector=projector, deepstack=0).write(tmp_path / "mmproj.gguf")
    assert check_pair(text, vision).ok


def test_the_same_half_twice(tmp_path: Path) -> None:
    text, vision = write_pair(tmp_path)
    assert "language model, not a vision projector" in check_pair(text, text).problems[0].message
    assert "vision projector (mmproj), not a language model" in check_pair(vision, vision).problems[0].message


def test_one_broken_half_does_not_hide_what_is_wrong_with_the_other(tmp_path: Path) -> None:
    _, vision = write_pair(tmp_path)
    (tmp_path / "empty.gguf").touch()
    messages = [problem.message for problem in check_pair(vision, tmp_path / "empty.gguf").problems]
    assert len(messages) == 2
    assert "the file is empty" in messages[0]
    assert "not a language model" in messages[1]
    messages = [problem.message for problem in check_pair(tmp_path / "none.gguf", tmp_path).problems]
    assert len(messages) == 2


def test_names_from_the_header_are_shown_safely(tmp_path: Path) -> None:
    text = TextModel(architecture="evil\x1b[31m[red]").write(tmp_path / "te\nxt.gguf")
    vision = Projector().write(tmp_path / "mmproj.gguf")
    message = check_pair(text, vision).problems[0].message
    assert "\x1b" not in message
    assert "\n" not in message
    assert "evil\\e[31m[red]" in message


def test_the_card_is_held_against_the_header(tmp_path: Path) -> None:
    text, vision = write_pair(tmp_path, text=TextModel(name="Tiny Thinking", context=2048))
    card = replace(load_catalog().card("qwen3-vl-2b-instruct"), context=8192)
    report = check_pair(text, vision, card)
    assert report.ok
    assert len(report.notes) == 2
    assert "2,048" in report.notes[0]
    assert "thinking" in report.notes[1]
    assert check_pair(text, vision, replace(card, thinking=True, context=2048)).notes == ()
