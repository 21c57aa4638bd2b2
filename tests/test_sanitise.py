"""Nothing that a terminal would act on gets through."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from backend.sanitise import lines, one_line, quoted


@given(st.text())
def test_one_line_is_one_line_without_controls(text: str) -> None:
    shown = one_line(text)
    assert not any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in shown)
    assert len(one_line(text, 10)) <= 10


@given(st.text(st.characters(blacklist_categories=["C", "Z"])))
def test_plain_text_is_left_alone(text: str) -> None:
    assert one_line(text) == text == lines(text)


def test_what_is_hidden_is_shown() -> None:
    assert quoted("a\nb\x1b[31m\u202egpj.exe") == "“a\\nb\\e[31m\\u202egpj.exe”"
    assert lines("one\r\ntwo\x07\tthree") == "one\ntwo\\x07\tthree"


def test_names_that_are_not_unicode_are_still_shown() -> None:
    assert quoted(b"caf\xe9.png".decode("utf-8", "surrogateescape")) == "“caf\\udce9.png”"


def test_markup_is_only_text() -> None:
    assert one_line("[red]x[bold]") == "[red]x[bold]"
    assert one_line("👩\u200d🚀 红色") == "👩\u200d🚀 红色"
