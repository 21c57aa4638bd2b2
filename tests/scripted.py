"""An engine that says what a test tells it to, so that a UI state (a slow model, a crash) can be held still and looked at."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Event

from backend.answer import Timings
from backend.engine.api import Request
from backend.errors import SightlineError
from backend.events import Cancelled, Encoding, EngineEvent, Failed, Generated, Loading, Prefilling, StopReason, Token


@dataclass(frozen=True, slots=True)
class Load:
    fraction: float


@dataclass(frozen=True, slots=True)
class Encode:
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Prefill:
    done: int
    total: int
    reused: int = 0


@dataclass(frozen=True, slots=True)
class Say:
    """One token a character, all equally likely."""

    text: str


@dataclass(frozen=True, slots=True)
class Hold:
    """Wait until the test opens the gate, or the question is cancelled."""

    gate: Event = field(default_factory=Event)


@dataclass(frozen=True, slots=True)
class Break:
    error: SightlineError


@dataclass(frozen=True, slots=True)
class End:
    """Why the answer ends, where it is not because the model has said all."""

    reason: StopReason


Step = End | Load | Encode | Prefill | Say | Hold | Break


class ScriptedEngine:
    """Plays one script per request; with none left it answers with an empty list."""

    def __init__(self, *scripts: tuple[Step, ...]) -> None:
        self._scripts = deque(scripts)
        self._cancelled: set[str] = set()
        self._bell = Event()
        self.requests: list[Request] = []
        self.closed = False

    def load(self) -> Iterator[Loading]:
        """Nothing to load."""
        return iter(())

    def run(self, *requests: Request) -> Iterator[EngineEvent]:
        self.requests += requests
        for request in requests:
            yield from self._run(request)

    def _run(self, request: Request) -> Iterator[EngineEvent]:
        script = self._scripts.popleft() if self._scripts else (Say("[]"),)
        said = ""
        reason: StopReason = "end"
        for step in script:
            match step:
                case End():
                    reason = step.reason
                case Hold(gate=gate):
                    while not gate.wait(0.01):
                        if request.id in self._cancelled or self.closed:
                            break
                case Say(text=text):
                    for character in text:
                        if request.id in self._cancelled:
                            break
                        said += character
                        yield Token(request.id, character, -0.01)
                case Break(error=error):
                    yield Failed(request.id, error)
                    return
                case Load(fraction=fraction):
                    yield Loading(request.id, "scripted", fraction)
                case Encode(done=done, total=total):
                    yield Encoding(request.id, 0, done, total)
                case Prefill(done=done, total=total, reused=reused):
                    yield Prefilling(request.id, done, total, reused)
            if request.id in self._cancelled or self.closed:
                yield Cancelled(request.id)
                return
        yield Generated(request.id, said, reason, Timings(total_ms=420.0, tokens=len(said), tokens_per_s=50.0))

    def cancel(self, request_id: str) -> None:
        self._cancelled.add(request_id)

    def describe(self) -> tuple[tuple[str, str], ...]:
        return (("name", "scripted"),)

    def close(self) -> None:
        self.closed = True
