"""Lines in, lines out: the only part of plain mode that touches a terminal.

At a terminal lines are edited and remembered by readline, told that the terminal is dumb, so that it sends no escape
sequences either. What goes out is made safe, and nothing but line ends moves the cursor.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator

from backend.errors import SightlineError
from backend.language import _
from backend.sanitise import lines, one_line

REMEMBERED = 200
"""Earlier questions within reach of the up key."""


class Console:
    """Standard input, output and error."""

    def __init__(self) -> None:
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(errors="surrogateescape")  # a file's name need not be text
        self.interactive = sys.stdin.isatty() and sys.stdout.isatty()
        """Whether somebody sits there: prompts, hints, and editing of lines."""
        self.first_error: SightlineError | None = None
        self._noted: set[str] = set()

    def say(self, text: str) -> None:
        """What was asked for."""
        for line in lines(text).splitlines() or [""]:
            print(line.replace("\t", " "), flush=True)  # noqa: T201 (this is the program's output)

    def note(self, text: str) -> None:
        """What is told beside it."""
        print(one_line(text), file=sys.stderr, flush=True)  # noqa: T201

    def once(self, text: str) -> None:
        """A note that needs no repeating."""
        if text not in self._noted:
            self._noted.add(text)
            self.note(text)

    def complain(self, error: SightlineError) -> None:
        """What went wrong, and what to do."""
        self.first_error = self.first_error or error
        self.note(_("Error: {message}").format(message=one_line(error.message)))
        if error.cure:
            self.note(_("What to do: {cure}").format(cure=one_line(error.cure)))

    def prepare(self, history: Iterable[str], complete: Callable[[str, bool], list[str]]) -> None:
        """Let lines be edited, earlier ones be had back (the newest last), and words be completed at Tab: `complete` is told
        the beginning of a word, and whether it is the first of its line."""
        if not self.interactive:
            return
        os.environ["TERM"] = "dumb"  # before readline looks at it
        try:
            import readline
        except ImportError:  # a Python without it: the terminal's own editing remains
            return
        readline.parse_and_bind("set enable-bracketed-paste off")
        readline.parse_and_bind("set bell-style none")
        readline.parse_and_bind("tab: complete")
        readline.set_completer_delims(" \t\n")
        readline.set_completer(lambda word, at: next(iter(complete(word, readline.get_begidx() == 0)[at:]), None))
        for line in history:
            readline.add_history(line)

    def lines(self, prompt: Callable[[], str]) -> Iterator[str]:
        """What is typed, line after line, until it ends. Ctrl-C begins the line anew."""
        while True:
            try:
                line = input(f"{one_line(prompt())}> ") if self.interactive else sys.stdin.readline()
            except EOFError:
                self.say("")
                return
            except KeyboardInterrupt:
                if not self.interactive:
                    raise
                self.say("")
                self.note(_("Ctrl-D, or /quit, leaves."))
                continue
            if not self.interactive and not line:
                return
            if line.strip():
                yield line.strip()
