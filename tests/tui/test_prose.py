"""Marks on the model's words: on the right ones, whatever is left out of the text or shown as something longer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from backend.sanitise import lines
from tui import prose
from tui.prose import Mark

texts = st.lists(
    st.sampled_from(
        [
            *("left ", "在左边", "👩‍👧", "\x1b[31m", "\r\n", "\n", " ", "[", "]", "\u202e", "word. "),
            *('[{"bbox_2d": [1, 2, 3, 4]}]', "```json\n[1]\n```", '[{"bbox', "[1, 2]"),
        ]
    )
).map("".join)


def styled(content: Content, colour: str) -> str:
    """The characters that are written in that colour."""
    return "".join(content.plain[span.start : span.end] for span in content.spans if colour in str(span.style))


def marks_in(text: str, words: str, colour: str = "$error", manner: str = "") -> Mark:
    start = text.index(words)
    return Mark((start, start + len(words)), colour, manner)


@given(texts)
def test_what_is_shown_is_the_prose_made_safe(text: str) -> None:
    assert prose.marked(text, prose.kept(text)).plain == lines(prose.spoken(text))
    assert prose.spoken(text) == prose.spoken(text).strip()
    assert prose.marked(text, prose.whole(text)).plain == lines(text.strip())


@given(texts, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60))))
def test_marks_change_no_words(text: str, edges: list[tuple[int, int]]) -> None:
    marks = [Mark((min(pair), max(pair)), "$error") for pair in edges]
    for shown in (prose.kept(text), prose.whole(text)):
        assert prose.marked(text, shown, marks).plain == prose.marked(text, shown).plain


@given(texts, st.integers(0, 60), st.integers(1, 20))
def test_a_mark_covers_what_its_words_are_shown_as(text: str, start: int, length: int) -> None:
    text = text.replace("\r\n", "\n").strip()
    content = prose.marked(text, [(0, len(text))], [Mark((start, start + length), "$error")])
    covered = lines(text[start : start + length]) if start + length <= len(text) else None
    if covered is not None:
        assert styled(content, "$error") == covered


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("Yes: the cup is left of it.", "left", "left"),
        ('Here [{"bbox_2d": [1, 2, 3, 4]}] it is left.', "left", "left"),
        ("\x1b[0mleft\x07", "left", "left"),
        ("杯子在盘子左边。", "左边", "左边"),
        ("👩‍👧 is left", "left", "left"),
        ("a\x1bb left\x1bmost", "left\x1bmost", "left\\emost"),
        ("left\r\nright", "left", "left"),
    ],
)
def test_the_right_words_are_marked(text: str, words: str, shown: str) -> None:
    assert styled(prose.marked(text, prose.kept(text), [marks_in(text, words)]), "$error") == shown


def test_a_mark_goes_on_behind_what_is_left_out() -> None:
    text = 'The cup [{"bbox_2d": [1, 2, 3, 4]}] is left.'
    content = prose.marked(text, prose.kept(text), [Mark((0, len(text) - 1), "$error", sign="x")])
    assert content.plain == "The cup  is left [x]."
    assert styled(content, "$error") == "The cup  is left [x]"


def test_of_marks_on_the_same_words_the_last_gives_the_colour_and_all_the_manner() -> None:
    text = "the cup is left of it"
    both = [marks_in(text, "left", "$primary", manner="bold"), marks_in(text, "cup is left of", "$error", manner="reverse")]
    content = prose.marked(text, prose.whole(text), both)
    assert styled(content, "$error") == "cup is left of"
    assert styled(content, "bold") == "left"
    assert styled(content, "$primary") == ""


@pytest.mark.parametrize("deep", ["[" * 100_000, '[{"a":' * 50_000])
def test_endless_brackets_are_words(deep: str) -> None:
    assert prose.spoken(f"so {deep}").startswith("so")


def test_thousands_of_marks_are_no_matter() -> None:
    text = "left " * 20_000
    marks = [Mark((at, at + 4), "$primary") for at in range(0, len(text), 5)]
    content = prose.marked(text, prose.whole(text), [*marks, Mark((0, len(text)), "$error")])
    assert content.plain == text.strip()
