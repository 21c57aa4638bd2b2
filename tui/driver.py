"""Textual's driver of the terminal, with three habits of our own.

What the terminal answers too late to the questions before the start must not become typed keys, so answers are taken out of the
input (Textual knows nothing of them and would type them letter by letter). No picture stays behind in the terminal. And a
terminal that loses count in long styles is written short ones.
"""

from __future__ import annotations

import os
import re
import selectors
from codecs import getincrementaldecoder
from contextlib import suppress
from dataclasses import dataclass
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from backend.terminal.replies import Sieve
from tui.preview.pixels import Ledger

if TYPE_CHECKING:
    from textual.app import App

_TICK_S, _HURRY_S = 0.1, 0.02
"""How long to wait for input; the second while it may be that a key waits for what follows it."""

_LONG_STYLE = re.compile(r"\x1b\[((?:\d+;)*\d+);(38;2;\d+;\d+;\d+;48;2;\d+;\d+;\d+)m")
"""Attributes, and both colours behind them, as Rich writes them."""


@dataclass(frozen=True, slots=True)
class Early:
    """What came of the questions before the start."""

    typed: bytes
    """By the user, meanwhile."""
    sieve: Sieve
    """With the beginning of an answer in it, where one was cut short."""
    settings: list[Any]
    """The terminal's line settings as they were found, for whoever gets it back."""


class SightlineDriver(LinuxDriver):
    """Reads keys through a sieve, and clears the pictures away whenever it gives the terminal back."""

    early: ClassVar[Early | None] = None
    short_styles: ClassVar[bool] = False
    """Whether the terminal loses count in long SGR sequences, so that attributes and colours are written apart."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        ledger = getattr(app, "ledger", None)
        self._ledger = ledger if isinstance(ledger, Ledger) else Ledger()
        self._sieve = self.early.sieve if self.early else Sieve()
        self._typed = self.early.typed if self.early else b""
        self._ready = Event()

    def run_input_thread(self) -> None:
        """Textual's own, but for the sieve between the terminal and the parser of keys."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode

        def feed(data: bytes) -> None:
            if text := decode(data):
                for event in parser.feed(text):
                    self.process_message(event)
            for event in parser.tick():
                self.process_message(event)

        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            heard = monotonic()
            while not self.exit_event.is_set():
                if self._typed and self._ready.is_set():
                    typed, self._typed = self._typed, b""
                    feed(typed)
                if selector.select(_HURRY_S if self._sieve.holds else _TICK_S):
                    try:
                        data = os.read(self.fileno, 4096)
                    except OSError:
                        data = b""
                    if not data:
                        break  # the terminal is gone; a signal ends the app
                    heard = monotonic()
                    feed(self._sieve.feed(data))
                else:
                    feed(self._sieve.rest(monotonic() - heard))
            with suppress(EOFError, ParseError):
                for _ in parser.feed(""):
                    pass

    def take_up(self) -> None:
        """The app has somebody to give keys to: those that were typed before come now."""
        self._ready.set()

    def write(self, data: str) -> None:
        super().write(_LONG_STYLE.sub("\x1b[\\1m\x1b[\\2m", data) if self.short_styles else data)

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self.early is not None:
            self.attrs_before = self.early.settings

    def stop_application_mode(self) -> None:
        if self._writer_thread is not None and (gone := self._ledger.clear()):
            self.write(gone)
        super().stop_application_mode()


def driver_after(early: Early | None, *, short_styles: bool = False) -> type[SightlineDriver]:
    """The driver that goes on where the questions ended; Textual makes it, so it has to be told by its class."""
    return type("SightlineDriver", (SightlineDriver,), {"early": early, "short_styles": short_styles})
