"""An engine that says what a test tells it to, so that a UI state (a slow model, a crash) can be held still and looked at."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event

from backend.answer import Timings
from backend.engine.api import Request
from backend.errors import SightlineError
from backend.events import (
    Cancelled,
    Encoding,
    EngineEvent,
    Failed,
    Generated,
    Loading,
    Prefilling,
    StopReason,
    Thought,
    ThoughtEnd,
    Token,
)


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
class Think:
    """One token of reasoning a character."""

    text: str


@dataclass(frozen=True, slots=True)
class EndThought:
    """The reasoning is over: so many tokens, 4.1 seconds."""

    tokens: int
    ended: ThoughtEnd = "itself"


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


Step = End | Load | Encode | Prefill | Think | EndThought | Say | Hold | Break


class ScriptedEngine:
    """Plays one script per request; with none left it plays what `reply` makes of the question, else an empty list.

    Requests that are run together take turns, a step or a character each, as those of a batch do. Looks ahead have scripts
    of their own; with none left they find the picture read at once.
    """

    def __init__(
        self,
        *scripts: tuple[Step, ...],
        reply: Callable[[str], tuple[Step, ...]] = lambda _: (Say("[]"),),
        ahead: tuple[tuple[Step, ...], ...] = (),
    ) -> None:
        self._scripts = deque(scripts)
        self._reply = reply
        self._ahead = deque(ahead)
        self.cancelled: set[str] = set()
        """Ids of requests, old and new, that were."""
        self.requests: list[Request] = []
        self.batches: list[tuple[Request, ...]] = []
        """The requests of each call of `run`."""
        self.prepared: list[Request] = []
        """Requests to look ahead."""
        self.closed = False
        self.gave_way = 0
        """How often it was told to."""

    def load(self) -> Iterator[Loading]:
        """Nothing to load."""
        return iter(())

    def run(self, *requests: Request) -> Iterator[EngineEvent]:
        """Hands out the scripts at once, so that they follow the order in which `run` was called."""
        asked = tuple(request for request in requests if not request.ahead)
        if asked:
            self.requests += asked
            self.batches.append(asked)
        self.prepared += (request for request in requests if request.ahead)
        return self._interleaved([self._play(request, self._script(request)) for request in requests])

    def _script(self, request: Request) -> tuple[Step, ...]:
        if request.ahead:
            return self._ahead.popleft() if self._ahead else ()
        return self._scripts.popleft() if self._scripts else self._reply(str(request.messages[-1].parts[-1]))

    def _interleaved(self, plays: list[Iterator[EngineEvent | Event]]) -> Iterator[EngineEvent]:
        """One event of each in turn; where all are held, wait a moment for a gate."""
        while plays:
            gates: list[Event] = []
            for play in list(plays):
                match next(play, None):
                    case None:
                        plays.remove(play)
                    case Event() as gate:
                        gates.append(gate)
                    case event:
                        yield event
            if plays and len(gates) == len(plays):
                gates[0].wait(0.01)

    def _play(self, request: Request, script: tuple[Step, ...]) -> Iterator[EngineEvent | Event]:
        """The events of one request, and the gate it is held at for as long as it is."""
        said = ""
        reason: StopReason = "end"
        for step in script:
            match step:
                case End():
                    reason = step.reason
                case Hold(gate=gate):
                    while not (gate.is_set() or self._over(request)):
                        yield gate
                case Say(text=text):
                    for character in text:
                        if self._over(request):
                            break
                        said += character
                        yield Token(request.id, character, -0.01)
                case Think(text=text):
                    for character in text:
                        if self._over(request):
                            break
                        yield Token(request.id, character, -0.01, thinking=True)
                case EndThought(tokens=tokens, ended=ended):
                    yield Thought(request.id, tokens, 4100.0, ended)
                case Break(error=error):
                    yield Failed(request.id, error)
                    return
                case Load(fraction=fraction):
                    yield Loading(request.id, "scripted", fraction)
                case Encode(done=done, total=total):
                    yield Encoding(request.id, 0, done, total)
                case Prefill(done=done, total=total, reused=reused):
                    yield Prefilling(request.id, done, total, reused)
            if self._over(request):
                yield Cancelled(request.id)
                return
        yield Generated(request.id, said, reason, Timings(total_ms=420.0, tokens=len(said), tokens_per_s=50.0))

    def _over(self, request: Request) -> bool:
        return self.closed or request.id in self.cancelled

    def cancel(self, request_id: str) -> None:
        self.cancelled.add(request_id)

    def give_way(self) -> None:
        self.gave_way += 1

    def describe(self) -> tuple[tuple[str, str], ...]:
        return (("name", "scripted"),)

    def close(self) -> None:
        self.closed = True
