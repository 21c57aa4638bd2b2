"""Late answers of the terminal and typed keys, through Textual's own parser."""

from __future__ import annotations

import os
import pty
import tty
from collections.abc import AsyncIterator
from threading import Thread
from time import monotonic

import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from backend.terminal.replies import Sieve
from tests.tui.conftest import PATIENCE, Scripted
from tui.driver import Early, SightlineDriver, driver_after

ANSWERS = b"\x1b[?62;4c\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\\x1bP>|foot(1.16)\x1b\\\x1b_Gi=31;OK\x1b\\\x1b[6;20;10t"


def test_textual_would_type_them() -> None:
    """Why there is a sieve; when this fails, it may be that Textual has learnt to drop them."""
    typed = [event for event in XTermParser().feed(ANSWERS.decode()) if isinstance(event, events.Key)]
    assert len(typed) > 20


class Reading:
    """A driver that reads from a pseudo-terminal."""

    def __init__(self, driver: SightlineDriver, keyboard: int) -> None:
        self.driver = driver
        self.keyboard = keyboard
        self.heard: list[str] = []
        self.thread = Thread(target=driver.run_input_thread)

    def process(self, message: Message) -> None:
        self.heard.append(message.key if isinstance(message, events.Key) else type(message).__name__)

    def type(self, data: bytes) -> None:
        os.write(self.keyboard, data)

    def until(self, heard: list[str]) -> None:
        end = monotonic() + PATIENCE
        while self.heard != heard and monotonic() < end:
            self.thread.join(0.01)
        assert self.heard == heard


@pytest.fixture
async def reading(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Reading]:
    """Typed before the start: `j`, and the beginning of an answer."""
    monkeypatch.setattr("signal.signal", lambda *_: None)
    ours, theirs = pty.openpty()
    app, _ = scripted()
    sieve = Sieve()
    assert sieve.feed(ANSWERS[:12]) == b""
    driver = driver_after(Early(b"j", sieve, []))(app)
    driver.fileno = theirs
    one = Reading(driver, ours)
    monkeypatch.setattr(driver, "process_message", one.process)
    tty.setraw(theirs)
    one.thread.start()
    yield one
    driver.exit_event.set()
    one.thread.join(PATIENCE)
    os.close(ours)
    os.close(theirs)


async def test_late_answers_are_dropped_and_keys_are_not(reading: Reading) -> None:
    reading.type(ANSWERS[12:] + b"a" + ANSWERS + b"\x1b[A")
    reading.until(["a", "up"])
    reading.type(b"\x1b")
    reading.until(["a", "up", "escape"])
    reading.type(b"\x1b[?2026;2$y")  # what Textual asks for it gets
    reading.until(["a", "up", "escape", "TerminalSupportsSynchronizedOutput"])


async def test_what_was_typed_before_comes_when_there_is_somebody_to_hear_it(reading: Reading) -> None:
    reading.type(ANSWERS[12:] + b"a")
    reading.until(["a"])
    reading.driver.take_up()
    reading.until(["a", "j"])
