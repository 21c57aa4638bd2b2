"""Reasoning within an answer: told apart, and never searched for findings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.ask.parsing import FindingParser
from backend.ask.parsing.thoughts import Thoughts
from tests.ask.views import blank_view

BOX = '{"bbox_2d": [1, 2, 3, 4], "label": "cup"}'
OTHER = '{"bbox_2d": [5, 6, 7, 8], "label": "cup"}'


def split(text: str, cuts: list[int]) -> tuple[str, str]:
    thoughts, at, turn, answer = Thoughts(), 0, 0, ""
    while at < len(text):
        step = cuts[turn % len(cuts)]
        answer += thoughts.feed(text[at : at + step])
        at, turn = at + step, turn + 1
    return answer + thoughts.finish(), thoughts.text


plain = st.text("ab <>/think{}\n", max_size=30).filter(lambda text: "think>" not in text)


@given(before=plain, thought=plain, after=plain, cuts=st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_marks_are_seen_wherever_the_text_is_cut(before: str, thought: str, after: str, cuts: list[int]) -> None:
    assert split(f"{before}<think>{thought}</think>{after}", cuts) == (before + after, thought)


@given(text=plain, cuts=st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_a_text_without_marks_is_all_answer(text: str, cuts: list[int]) -> None:
    assert split(text, cuts) == (text, "")


@pytest.mark.parametrize("raw", [f"<think>maybe {OTHER}</think>{BOX}", f"maybe {OTHER}</think>\n{BOX}"])
def test_boxes_of_the_reasoning_are_not_findings(raw: str) -> None:
    parser = FindingParser([blank_view()])
    parser.feed(raw)
    parser.finish()
    assert [f.id for f in parser.findings] == ["b1"]
    assert parser.text.strip() == BOX
    assert parser.thought == f"maybe {OTHER}"
    assert parser.warnings == ()


def test_a_reasoning_that_never_ends_leaves_no_answer() -> None:
    parser = FindingParser([blank_view()])
    parser.feed(f"<think>maybe {BOX}")
    parser.finish()
    assert (parser.findings, parser.text) == ([], "")


def test_an_end_without_a_beginning_that_comes_late_is_told() -> None:
    parser = FindingParser([blank_view()])
    for piece in (BOX, "</think>", OTHER):
        parser.feed(piece)
    parser.finish()
    assert len(parser.findings) == 2
    assert "a reasoning had no beginning" in parser.warnings[0]
