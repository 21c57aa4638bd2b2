"""The app in a real terminal, as somebody uses it: pick a picture, ask, see the boxes, leave. Read from the screen alone."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from backend.catalog.places import demo_folder
from tests.e2e.bad_files import HOSTILE, HOSTILE_SHOWN, REFUSED
from tests.e2e.program import Home, assert_gone, worker_of
from tests.e2e.terminal import Terminal, in_terminal

QUESTION = "Locate the red circle"
PROMPT = "Ask where something is"
CORNERS = "┌┐└┘┏┓┗┛"


@pytest.fixture
def app(home: Home, scene: Path) -> Iterator[Terminal]:
    """Opened on the folder of pictures, with the scene shown and the model loaded."""
    with in_terminal(home, "--model", "demo", scene.parent) as terminal:
        terminal.until("320×240")
        terminal.until("demo · ready")
        yield terminal


@pytest.fixture
def busy(app: Terminal) -> tuple[Terminal, psutil.Process]:
    """In mid-answer for as long as a test likes: one question answered, another asked of a worker that is held still."""
    ask(app)
    app.until("tokens/s")
    worker = worker_of(app.pid)
    worker.suspend()
    app.press(QUESTION, "enter")
    app.until_gone("tokens/s")
    return app, worker


def ask(terminal: Terminal, question: str = QUESTION) -> None:
    """Enter on the picture, wait for the cursor in the question line, type, Enter."""
    terminal.press("enter")
    terminal.until(lambda: terminal.focuses(PROMPT), "the cursor in the question line")
    terminal.press(question)
    terminal.until(question)
    terminal.press("enter")


def picture_cells(terminal: Terminal) -> list[str]:
    """The part of each line where the picture is: right of the files, left of the conversation."""
    return [line[24:77] for line in terminal.lines[1:-6]]


def shows(terminal: Terminal, name: str, words: str) -> bool:
    """Whether the pane's caption names that file, and the pane below it holds these words, over the ends of its lines."""
    return name in " ".join(terminal.lines[:2]) and words in " ".join(" ".join(picture_cells(terminal)).split())


def corners_in_the_picture(terminal: Terminal) -> set[str]:
    return set("".join(picture_cells(terminal))) & set(CORNERS)


def leave(terminal: Terminal) -> None:
    terminal.press("ctrl+q")
    assert terminal.end() == 0
    assert terminal.left_behind() == []


def test_from_picking_a_picture_to_seeing_its_boxes(app: Terminal) -> None:
    assert any("▀" in line for line in picture_cells(app)), "no picture in half-blocks"
    assert corners_in_the_picture(app) == set()
    ask(app)
    app.until("tokens/s")
    app.until(lambda: len(corners_in_the_picture(app)) >= 4, "a box drawn in the picture")
    app.until(lambda: app.text.count("red circle") >= 3, "the finding in the reply and in the table")
    leave(app)


def test_a_follow_up_question_reuses_what_was_read(app: Terminal) -> None:
    ask(app)
    app.until("tokens/s")
    app.press("How many squares are there?", "enter")
    app.until("reused")
    leave(app)


def test_the_cursor_and_the_filter_choose_the_picture(home: Home, scene: Path) -> None:
    for name in ("apple.png", "banana.png"):
        scene.with_name(name).write_bytes(scene.read_bytes())
    with in_terminal(home, "--model", "demo", scene.parent) as app:
        app.until("apple.png  320×240")
        app.press("j")
        app.until("banana.png  320×240")
        app.press("/")
        app.until(lambda: app.focuses("filter"), "the cursor in the filter line")
        app.press("scen")
        app.until("scene.png  320×240")
        app.until(lambda: "apple.png" not in app.text, "the other names to go")
        leave(app)


def test_a_picture_named_on_the_command_line_is_the_one_that_is_shown(home: Home, scene: Path) -> None:
    scene.with_name("apple.png").write_bytes(scene.read_bytes())
    with in_terminal(home, "--model", "demo", scene) as app:
        app.until("scene.png  320×240")
        assert "apple.png  320×240" not in app.text
        leave(app)


def test_escape_stops_an_answer_and_the_next_question_is_answered(busy: tuple[Terminal, psutil.Process]) -> None:
    """At once: the worker, held still, cannot have heard of it."""
    app, worker = busy
    app.press("escape")
    app.until("stopped")
    app.until(lambda: f"│ {QUESTION}" in app.text, "the question put back into its line")
    worker.resume()
    app.press("enter")
    app.until("tokens/s")
    leave(app)


def test_a_worker_killed_in_mid_answer_costs_one_answer_and_nothing_else(busy: tuple[Terminal, psutil.Process]) -> None:
    app, worker = busy
    worker.kill()
    app.until("SIGKILL")
    app.until("ask again")
    assert "scene.png  320×240" in app.text
    app.until(lambda: f"│ {QUESTION}" in app.text, "the question put back into its line")
    app.press("enter")
    app.until("tokens/s")
    leave(app)


@pytest.mark.parametrize("ended_by", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_in_mid_answer_restores_the_terminal(ended_by: signal.Signals, busy: tuple[Terminal, psutil.Process]) -> None:
    app, worker = busy
    app.send_signal(ended_by)
    assert app.end() == 128 + ended_by
    assert app.left_behind() == []
    assert b"Traceback" not in app.raw
    assert_gone(worker)


def test_leaving_in_mid_answer_ends_the_worker_too(busy: tuple[Terminal, psutil.Process]) -> None:
    app, worker = busy
    leave(app)
    assert_gone(worker)


def test_resizing_keeps_picture_and_question(app: Terminal) -> None:
    for columns, rows in ((80, 24), (240, 70), (120, 34)):
        app.resize(columns, rows)
        app.until(lambda: any("▀" * 8 in line for line in app.lines), f"the picture at {columns}×{rows}")
        app.until(PROMPT[:16])
    ask(app)
    app.until("tokens/s")
    leave(app)


def test_without_colour_or_unicode_the_picture_is_ascii(home: Home, scene: Path) -> None:
    with in_terminal(home, "--model", "demo", scene, LANG="C", LC_ALL="C", PYTHONUTF8="0", COLORTERM="", NO_COLOR="1") as app:
        app.until("scene.png  320x240")
        app.until("ready")
        assert not any(mark in app.text for mark in "▀▄█")
        leave(app)


def test_bad_files_are_explained_where_the_picture_would_be(home: Home, scene: Path) -> None:
    """All in one folder, and the cursor walks over them; the good picture among them is shown as ever."""
    listed = {case.name: case for case in REFUSED if case.name not in ("missing.png", "folder.png", "pipe.png")}
    for case in listed.values():
        case.make(home.folder / case.name)
    with in_terminal(home, "--model", "demo", home.folder) as app:
        for name in sorted([*listed, scene.name]):
            app.until(partial(shows, app, name, listed[name].says if name in listed else "▀▀▀▀"), f"what {name} shows")
            app.press("j")
        leave(app)


def test_a_hostile_file_name_stays_a_name(home: Home, scene: Path) -> None:
    scene.rename(home.folder / HOSTILE)
    with in_terminal(home, "--model", "demo", home.folder) as app:
        app.until(HOSTILE_SHOWN)
        app.until(lambda: any("▀" in line for line in picture_cells(app)), "the picture")
        ask(app)
        app.until("tokens/s")
        assert b"\x1b]0;owned" not in app.raw
        leave(app)


def test_where_no_real_model_is_there_the_first_screen_offers_one(home: Home, scene: Path) -> None:
    with in_terminal(home, scene.parent) as app:
        app.until("Qwen3-VL")
        app.until("GB")
        assert "demo" in app.text.lower()
        leave(app)


def test_a_question_of_a_hundred_thousand_characters_is_refused_and_the_app_goes_on(app: Terminal) -> None:
    app.press("enter")
    app.until(lambda: app.focuses(PROMPT), "the cursor in the question line")
    app.press("\x1b[200~" + "where is the red circle? " * 4000 + "\x1b[201~")  # as a terminal sends what is pasted
    app.until("circle?")
    app.press("enter")
    app.until("failed")
    assert "320×240" in app.text
    leave(app)


def test_a_broken_model_is_refused_before_the_screen_is_taken(home: Home, scene: Path) -> None:
    broken = home.root / "broken.gguf"
    broken.write_bytes((demo_folder() / "demo-Q8_0.gguf").read_bytes()[:5000])
    settings = home.root / ".config" / "sightline" / "models.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f'[models.mine]\ntext = "{broken}"\nmmproj = "{demo_folder() / "mmproj-demo-Q8_0.gguf"}"\n')
    with in_terminal(home, "--model", "mine", scene) as terminal:
        assert terminal.end() == 4
        assert "broken.gguf" in terminal.text
        assert "Traceback" not in terminal.text
        assert b"\x1b[?1049h" not in terminal.raw
