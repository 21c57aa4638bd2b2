"""Shots that a test makes up, and a source that gives what it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

from backend.errors import SightlineError
from backend.scene import Picture
from backend.watch.mailbox import now
from backend.watch.shot import Shot


def shot(number: int, time: float | None = None, error: SightlineError | None = None, width: int = 200) -> Shot:
    """A grey frame whose pixels are as good as unique; or one that cannot be read."""

    def picture() -> Picture:
        if error is not None:
            raise error
        return Picture(f"frame {number}", width, 100, bytes([number % 250]) * (width * 300), f"{number:08}")

    return Shot(number, number / 10 if time is None else time, now(), picture)


class Told:
    """A source that plays scripts, one each time it is opened: numbers are frames, errors are raised."""

    name = "camera"

    def __init__(self, *scripts: list[int | SightlineError], comes_back: bool = True, hold: bool = False) -> None:
        """`hold`: after its last script it gives nothing more, and does not end."""
        self._scripts = list(scripts)
        self.comes_back = comes_back
        self._hold = hold
        self.opened = 0

    def shots(self, stop: Event) -> Iterator[Shot]:
        self.opened += 1
        for step in self._scripts.pop(0) if self._scripts else []:
            if isinstance(step, SightlineError):
                raise step
            yield shot(step)
        if self._hold and not self._scripts:
            stop.wait(30)
