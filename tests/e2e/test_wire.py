"""What goes over the line: a picture that has not changed is not sent again, whatever is pressed and whatever streams."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.e2e.answering import ALACRITTY, FOOT, KITTY, QUESTION, AnsweringTerminal, answering
from tests.e2e.program import Home
from tui.preview.kitty import PLACEHOLDER

READY = "demo · ready"
PICTURE = {
    "kitty": re.compile(rb"\x1b_Ga=T[^\x1b]*"),
    "sixel": re.compile(rb'\x1bP0;1q"[^\x1b]*\x1b\\'),
    "half-blocks": re.compile("▀".encode()),
}
"""What a picture is sent by."""
SHOWN = PICTURE | {"kitty": re.compile(PLACEHOLDER.encode())}
"""What any part of it is shown by."""
PROTOCOLS = pytest.mark.parametrize(
    ("protocol", "answer"), [("kitty", KITTY), ("sixel", FOOT), ("half-blocks", ALACRITTY)], ids=["kitty", "sixel", "blocks"]
)


def pictures(terminal: AnsweringTerminal, protocol: str, since: int = 0) -> list[bytes]:
    return PICTURE[protocol].findall(terminal.raw[since:])


@PROTOCOLS
def test_keys_and_focus_cost_no_picture(home: Home, scene: Path, protocol: str, answer: bytes) -> None:
    with answering(home, "--model", "demo", scene, answers=[(QUESTION, answer)]) as terminal:
        terminal.until(lambda: bool(pictures(terminal, protocol)), "a picture")
        terminal.until(READY)
        before = len(terminal.raw)
        terminal.press("tab", "tab", "tab")  # picture, conversation, question
        terminal.until(lambda: terminal.focuses("Ask where something is"), "the question line to have the focus")
        terminal.press("is it red")
        terminal.until("is it red")
        terminal.press(*["backspace"] * 9)
        terminal.until(lambda: terminal.focuses("Ask where something is"), "the question line to be empty again")
        assert SHOWN[protocol].search(terminal.raw, before) is None
        terminal.press("ctrl+q")
        assert terminal.end() == 0


@PROTOCOLS
def test_what_streams_sends_the_picture_where_there_are_more_boxes_on_it(
    home: Home, scene: Path, protocol: str, answer: bytes
) -> None:
    with answering(home, "--model", "demo", scene, answers=[(QUESTION, answer)]) as terminal:
        terminal.until(lambda: bool(pictures(terminal, protocol)), "a picture")
        terminal.until(READY)
        before = len(terminal.raw)
        terminal.press("i")
        terminal.until(lambda: terminal.focuses("Ask where something is"), "the question line to have the focus")
        terminal.press("Locate every object", "enter")
        terminal.until("demo · ready, first token")
        terminal.press("escape")
        terminal.until("Enter Open")
        sent = pictures(terminal, protocol, before)
        if protocol != "half-blocks":  # of which only the cells that differ are sent
            assert sent
            assert all(one != other for one, other in pairwise([pictures(terminal, protocol)[0], *sent]))
        terminal.press("ctrl+q")
        assert terminal.end() == 0
