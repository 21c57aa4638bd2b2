"""Files dropped on the terminal: paths are told from words, in every way in which terminals quote them, and are opened."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from tests.tui.conftest import Hand, Scripted
from tui.dropped import paths_in
from tui.opening import Opening
from tui.widgets.files_pane import FilterLine

_LETTERS = st.characters(exclude_characters="/", exclude_categories=("Cc", "Cs"))
_NAMES = st.lists(st.text(_LETTERS, max_size=30).map(lambda name: f"{name}1.png"), min_size=1, max_size=4, unique=True)


def _shell(path: Path) -> str:
    """In single quotes, always."""
    return "'" + str(path).replace("'", "'\\''") + "'"


def _escaped(path: Path) -> str:
    """With a backslash before everything that is not plain, as terminals on macOS write it."""
    return re.sub(r"([^\w/.-])", r"\\\1", str(path), flags=re.ASCII)


def _uri(path: Path) -> str:
    return f"file://{quote(str(path))}"


def _uri_with_apostrophes(path: Path) -> str:
    return "file://" + quote(str(path), safe="/'()!*")


@given(_NAMES, st.sampled_from([_shell, _escaped, _uri, _uri_with_apostrophes]), st.sampled_from([" ", "\n", "\r", "\r\n"]))
def test_whatever_the_names_the_same_paths_come_back(names: list[str], write: Callable[[Path], str], between: str) -> None:
    with TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in names]
        for file in files:
            file.touch()
        assert paths_in(between.join(map(write, files)) + between) == tuple(files)


@given(st.text())
def test_words_are_no_paths(text: str) -> None:
    assert all(path.is_absolute() and path.exists() for path in paths_in(text))


def test_what_is_there_counts_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    picture, film, notes, folder = (tmp_path / name for name in ("a b.PNG", "c.mp4", "notes.txt", "where"))
    for file in (picture, film, notes):
        file.touch()
    folder.mkdir()
    assert paths_in(str(picture)) == (picture,)  # blanks that nothing quoted
    assert paths_in(f"{picture}\n{film}\n\n{folder}/\n") == (picture, film, folder)
    assert paths_in(f'"{picture}" {film} {film}') == (picture, film)
    assert paths_in("~/c.mp4") == (film,)
    assert paths_in(f"file://localhost{film}") == (film,)
    assert paths_in(f"{folder}/../c.mp4") == (film.resolve(),)
    for text in (
        "",
        "where",  # a folder here, and a word
        "/",
        f"what is in {film}",
        f"{film} and {folder}",
        str(notes),
        f"{film}.gone",
        f"{film}\0",
        f"file://elsewhere{film}",
        f"file://{film}%00",
        f"file://{film}%0A",
        f"'{film}",
        f"/{'x' * 5000}.png",
        "/\udcff\ud800.png",
        f"{film}\n" * 50_000,
    ):
        assert paths_in(text) == (), text[:100]


async def test_a_dropped_picture_is_opened_while_a_question_is_typed(scripted: Scripted, scenes: Path) -> None:
    app, _ = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("space")
        await hand.until(lambda: hand.files.order.pictures)
        hand.line.focus()
        hand.line.value = "Where is"
        app.post_message(events.Paste(f"'{scenes / 'scene-3.png'}' "))
        await hand.until(lambda: "scene-3" in hand.caption)
        assert hand.files.current is not None
        assert hand.files.current.path == scenes / "scene-3.png"
        assert hand.files.order.pictures == ()  # it is what the next question is about
        assert (hand.line.value, hand.line.has_focus) == ("Where is", True)
        app.post_message(events.Paste(f"beside {scenes / 'scene-3.png'}"))
        await hand.until(lambda: "beside" in hand.line.value)
        assert hand.line.value == f"Where isbeside {scenes / 'scene-3.png'}"


async def test_several_pictures_are_marked_in_the_order_in_which_they_came(scripted: Scripted, scenes: Path) -> None:
    app, _ = scripted(opening=Opening(scenes / "more"))
    third, first = scenes / "scene-3.png", scenes / "scene-1.png"
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.until(lambda: len(app.screen_stack) > 1 and hand.files.folder == scenes / "more")
        app.post_message(events.Paste(f"file://{third}\r\nfile://{first}\r\nfile://{scenes / 'more'}\r\n"))
        await hand.until(lambda: hand.files.folder == scenes and "scene-3" in hand.caption)
        assert hand.files.order.pictures == (third, first)
        await hand.status_says("1 scene-3.png, 2 scene-1.png")
        assert any("opened alone" in notice for notice in hand.notices())


async def test_a_dropped_folder_is_opened_also_from_the_filter(scripted: Scripted, scenes: Path) -> None:
    app, _ = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("slash")
        app.post_message(events.Paste("scene-2"))
        await hand.until(lambda: "scene-2" in hand.caption)
        assert hand.screen.query_one(FilterLine).value == "scene-2"
        app.post_message(events.Paste(f"{scenes / 'more'}"))
        await hand.until(lambda: hand.files.folder == scenes / "more" and len(hand.files.shown) == 1)
        assert hand.files.has_focus
        assert not hand.screen.query_one(FilterLine).display
        app.post_message(events.Paste("scene-2"))  # the list takes no text
        await pilot.pause()
        assert hand.files.folder == scenes / "more"
