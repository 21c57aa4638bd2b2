"""A conversation with the real demo model in a real terminal: edited, walked through, and found again on another day."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.program import Home
from tests.e2e.terminal import Terminal, in_terminal
from tests.e2e.test_app import PROMPT, ask, corners_in_the_picture, leave


def answered(terminal: Terminal, words: str) -> None:
    terminal.until("tokens/s")
    terminal.until(words)


def test_a_question_is_edited_asked_again_and_found_on_another_day(home: Home, scene: Path) -> None:
    with in_terminal(home, "--model", "demo", scene.parent) as app:
        app.until("demo · ready")
        ask(app, "Locate the red circle")
        answered(app, "1 red circle")
        app.until(lambda: len(corners_in_the_picture(app)) >= 4, "a box in the picture")
        app.press("\x1b[Z", "\x1b[Z")  # Shift+Tab: over the findings to the conversation
        app.until("Edit")
        app.press("e")
        app.until(lambda: "instead of the question" in app.text, "the question in the line, to be changed")
        app.press(*("backspace" for _ in "red circle"), "blue square", "enter")
        answered(app, "Locate the blue square")
        app.until("‹2/2›")
        app.until("1 blue square")
        app.press("\x1b[Z", "\x1b[Z")
        app.until("Edit")
        app.press("h")
        app.until("‹1/2›")
        app.until("1 red circle")
        app.press("l")
        app.until("‹2/2›")
        leave(app)
    with in_terminal(home, "--model", "demo", "--new", scene.parent) as app:
        app.until("demo · ready")
        app.press("\x12")  # Ctrl+R
        app.until("Earlier questions")
        app.until("2 found")
        app.press("rdcrc")
        app.until("1 found")
        assert f"{scene.name} 20" in app.text, "with the picture and the day"
        app.press("enter")
        app.until("Locate the red circle")
        app.until(lambda: PROMPT not in app.text and "Earlier questions" not in app.text, "the question in the line")
        app.press("enter")
        answered(app, "1 red circle")
        leave(app)
