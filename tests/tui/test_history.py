"""Earlier questions: found by a few letters, with the picture and the day, and put into the line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets import Input, OptionList, Static

from backend.answer import Answer, PictureRef
from backend.memory.journal import Journal
from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted
from tui.earlier import asked_before
from tui.screens.search import MOST, Row, SearchScreen, found


def rows(*texts: str) -> list[Row]:
    return [Row(text, "", text) for text in texts]


def texts_of(wanted: str, *texts: str) -> list[str]:
    return [row.value for row, _ in found(wanted, rows(*texts))[0]]


def test_letters_need_not_stand_together_and_what_fits_best_comes_first() -> None:
    assert texts_of("cup", "crude upper plan", "Where is the cup?", "door") == ["Where is the cup?", "crude upper plan"]
    assert texts_of("杯子", "杯子在哪里？", "盘子呢？") == ["杯子在哪里？"]
    assert texts_of("", "b", "a") == ["b", "a"], "with nothing typed the order is the list's"
    assert texts_of("zzz", "a") == []


@given(st.text(max_size=12), st.lists(st.text(max_size=30), max_size=20))
def test_everything_that_is_found_holds_the_letters(wanted: str, texts: list[str]) -> None:
    for row, shown in found(wanted, rows(*texts))[0]:
        assert row.value in texts
        assert shown.plain.isprintable() or " " in shown.plain
        left = iter(shown.plain.lower())
        assert all(letter in left for letter in wanted.strip().lower() if wanted.isascii())


def test_of_thousands_the_best_are_shown_and_all_are_counted() -> None:
    best, count = found("q", rows(*(f"question {number}" for number in range(MOST + 300))))
    assert (len(best), count) == (MOST, MOST + 300)


def test_the_rows_tell_the_picture_and_the_day(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    for question, name in (("Where is it?", "a.png"), ("How many?", "b.png"), ("Where is it?", "c.png")):
        journal.record(Answer(question, "free", "", (PictureRef(f"/pictures/{name}", 9, 9, name),)))
    listed, instead = asked_before(journal, ())
    assert instead == ""
    assert [row.text for row in listed] == ["Where is it?", "How many?"], "each once, newest first"
    assert listed[0].aside.startswith("c.png 20"), "as it was asked last"
    when = journal.earlier(1)[0].when.astimezone()
    assert listed[0].aside == f"c.png {when:%Y-%m-%d %H:%M}"


def test_without_a_journal_there_is_what_was_asked_in_this_run() -> None:
    assert [row.text for row in asked_before(None, ["b", "a"])[0]] == ["b", "a"]


async def test_a_question_of_another_day_is_found_and_put_into_the_line(scripted: Scripted, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    journal.record(Answer("Where is the \x1b[31mred circle?", "free", "", (PictureRef("/p/old.png", 9, 9, "x"),)))
    journal.record(Answer("How many stars?", "free", "", (PictureRef("/p/new.png", 9, 9, "y"),)))
    app, engine = scripted((Say("Yes."),), journal=journal)
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("ctrl+r")
        await hand.until(lambda: isinstance(app.screen, SearchScreen) and app.screen.query_one(OptionList).option_count == 2)
        listed = app.screen.query_one(OptionList)
        assert "How many stars?" in str(listed.get_option_at_index(0).prompt)
        assert "new.png" in str(listed.get_option_at_index(0).prompt)
        assert "Where is the \\e[31mred circle?" in str(listed.get_option_at_index(1).prompt)
        await pilot.press(*"rdcrc")
        await hand.until(lambda: listed.option_count == 1)
        assert "1 found" in str(app.screen.query_one("#search-count", Static).visual)
        await pilot.press("enter")
        await hand.until(lambda: app.focused is hand.line)
        assert hand.line.value == "Where is the \x1b[31mred circle?"
        assert not engine.requests, "it is put into the line, not asked"


async def test_nothing_is_chosen_by_escape_and_arrows_walk(scripted: Scripted, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    for question in ("one", "two", "three"):
        journal.record(Answer(question, "free", "", ()))
    app, _ = scripted(journal=journal)
    async with app.run_test(size=(80, 24)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        hand.line.focus()
        hand.line.value = "half"
        await pilot.press("ctrl+r")
        await hand.until(lambda: isinstance(app.screen, SearchScreen) and app.screen.query_one(OptionList).option_count == 3)
        await pilot.press("escape")
        await hand.until(lambda: not isinstance(app.screen, SearchScreen))
        assert hand.line.value == "half"
        await pilot.press("ctrl+r")
        await hand.until(lambda: isinstance(app.screen, SearchScreen) and app.screen.query_one(OptionList).option_count == 3)
        await pilot.press("down", "down", "up", "enter")
        await hand.until(lambda: hand.line.value == "two")


async def test_a_journal_that_cannot_be_read_is_said(scripted: Scripted, tmp_path: Path) -> None:
    (tmp_path / "journal.db").mkdir()
    app, _ = scripted(journal=Journal(tmp_path / "journal.db"))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("ctrl+r")
        await hand.until(
            lambda: (
                isinstance(app.screen, SearchScreen) and "journal" in str(app.screen.query_one("#search-count", Static).visual)
            )
        )
        app.screen.query_one(Input).value = "x"
        await pilot.press("enter", "escape")
        await hand.until(lambda: not isinstance(app.screen, SearchScreen))


@pytest.mark.skipif(os.name != "posix", reason="bytes in names")
def test_names_that_are_no_text_are_shown(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    journal.record(Answer("q", "free", "", (PictureRef("/p/\udcff\x1b.png", 9, 9, "x"),)))
    shown = found("", asked_before(journal, ())[0])[0][0][1].plain
    assert "\\udcff\\e.png" in shown
