"""Who is measured: each side answers a question about a picture and says when its first token came.

Times are taken where the answer arrives, in the program that asked, so that what a side spends on its own sockets and processes
counts. A side that takes too long is killed, which ends its answer with SideFailed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import psutil

from backend.engine.api import Message, Request, Sampling
from backend.engine.supervisor import WorkerEngine
from backend.errors import SightlineError
from backend.events import Encoding, Failed, Generated, Prefilling, Token

from .setting import Setting, Shown
from .sheet import Sheet


class SideFailed(Exception):
    """A side gave no answer; the message says why."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, in milliseconds from the moment it was asked for."""

    first_token_ms: float
    total_ms: float
    text: str
    tokens: int
    """As many as arrived one by one."""
    steps_ms: tuple[float, ...] = ()
    """Between one token and the next."""
    encoded: bool = False
    """Whether the vision tower ran for it, where the side says so."""
    prompt_tokens: int = 0


class Side(Protocol):
    """One way of running the model."""

    name: str

    def start(self) -> None:
        """Load the model."""
        ...

    def ask(self, pictures: Sequence[Shown], question: str, tokens: int) -> Reply:
        """Answer greedily, at most `tokens` tokens."""
        ...

    @property
    def pid(self) -> int:
        """The process that computes."""
        ...

    def close(self) -> None:
        """End it. Idempotent."""
        ...


@contextmanager
def limited(seconds: float, kill: Callable[[], None]) -> Iterator[None]:
    """Kill what takes longer, and say so instead of what comes of it."""
    late = threading.Event()

    def end() -> None:
        late.set()
        kill()

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Exception as error:
        if late.is_set():
            raise SideFailed(f"took longer than {seconds:.0f} s") from error
        raise
    finally:
        timer.cancel()
    if late.is_set():
        raise SideFailed(f"took longer than {seconds:.0f} s")


@contextmanager
def running(sheet: Sheet, *sides: Side) -> Iterator[list[Side]]:
    """The sides that could be started; those that fail later are to be taken out of the list (`attempt` does)."""
    alive: list[Side] = []
    try:
        for side in sides:
            try:
                side.start()
            except (SideFailed, SightlineError, OSError) as error:
                sheet.failed(side.name, f"could not be started: {error}")
                side.close()
            else:
                alive.append(side)
        yield alive
    finally:
        for side in sides:
            side.close()


def attempt(sheet: Sheet, alive: list[Side], side: Side, pictures: Sequence[Shown], question: str, tokens: int) -> Reply | None:
    """Ask one side; one that fails is noted and no longer asked."""
    try:
        return side.ask(pictures, question, tokens)
    except (SideFailed, SightlineError, OSError) as error:
        sheet.failed(side.name, str(error))
        alive.remove(side)
        side.close()
        return None


def request(pictures: Sequence[Shown], question: str, tokens: int) -> Request:
    """The one user turn that every side is asked."""
    return Request((Message("user", (*(shown.raster for shown in pictures), question)),), Sampling(), tokens)


class Ours:
    """sightline's engine, from the program's side of the socket."""

    name = "sightline"

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self.engine = WorkerEngine(setting.spec())

    def start(self) -> None:
        with limited(self._setting.limit_s, self.engine.close):
            for _ in self.engine.load():
                pass

    def ask(self, pictures: Sequence[Shown], question: str, tokens: int) -> Reply:
        return self.run(request(pictures, question, tokens))

    def run(self, asked: Request) -> Reply:
        """One request to its end."""
        stamps: list[float] = []
        text, encoded, prompt = "", False, 0
        ended = False
        started = time.perf_counter()
        with limited(self._setting.limit_s, self.engine.close):
            for event in self.engine.run(asked):
                match event:
                    case Token():
                        stamps.append(time.perf_counter())
                        text += event.text
                    case Encoding():
                        encoded = True
                    case Prefilling(total=total):
                        prompt = total
                    case Generated():
                        ended = True
                    case Failed(error=error):
                        raise SideFailed(error.message)
        if not ended or not stamps:
            raise SideFailed("the engine ended without an answer")
        total_ms = (time.perf_counter() - started) * 1000
        steps = tuple((later - one) * 1000 for one, later in pairwise(stamps))
        return Reply((stamps[0] - started) * 1000, total_ms, text, len(stamps), steps, encoded, prompt)

    @property
    def pid(self) -> int:
        """Of the worker, which is a child of this process."""
        for child in psutil.Process().children(recursive=True):
            if any(word.startswith("backend.engine.worker") for word in child.cmdline()):
                return child.pid
        raise SideFailed("there is no worker process")

    def close(self) -> None:
        self.engine.close()
