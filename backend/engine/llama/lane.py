"""One request on its way through the model: what is left to read, what it samples from, what it has said.

A lane never calls the model. The scheduler asks it what it wants decoded, decodes that together with what the others
want, and hands it the logits; so a lane cannot tell whether it was alone.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from backend.answer import Timings
from backend.engine.api import Request
from backend.engine.llama.model import LanguageModel
from backend.engine.llama.prefix import Cached, ImageUnit, Plan, Prompt, Unit, cells
from backend.engine.llama.sampling import Sampler
from backend.engine.llama.stream import AnswerStream, ThinkTags
from backend.events import EngineEvent, Generated, Prefilling, StopReason, Token
from backend.scene import Raster

Emit = Callable[[EngineEvent], None]


@dataclass(slots=True)
class Clock:
    """Where the time of one request goes; milliseconds since it was asked."""

    started: float = field(default_factory=time.perf_counter)
    encode_ms: float = 0.0
    prefill_ms: float = 0.0
    first_token_ms: float = 0.0
    reused: int = 0

    def since_start(self) -> float:
        return (time.perf_counter() - self.started) * 1000

    def timings(self, tokens: int) -> Timings:
        total = self.since_start()
        generating = (total - self.first_token_ms) / 1000
        return Timings(
            encode_ms=self.encode_ms,
            prefill_ms=self.prefill_ms,
            first_token_ms=self.first_token_ms,
            total_ms=total,
            tokens=tokens,
            tokens_per_s=(tokens - 1) / generating if tokens > 1 and generating > 0 else 0.0,
            reused_tokens=self.reused,
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it waits: with its prompt, and with those who want to hear of it."""

    request: Request
    emit: Emit
    client: int
    prompt: Prompt
    rasters: tuple[Raster, ...]
    clock: Clock

    @property
    def ahead(self) -> bool:
        return self.request.ahead

    @property
    def pictures(self) -> frozenset[str]:
        """The keys of its pictures."""
        return frozenset(unit.key for unit in self.prompt.pictures)


class Lane:
    """A request that has a sequence of the cache to work in."""

    def __init__(
        self, asked: Asked, sequence: int, cached: Cached, todo: Plan, model: LanguageModel, tags: ThinkTags | None
    ) -> None:
        self.asked, self.sequence, self.cached = asked, sequence, cached
        self._model = model
        self._slices = deque(todo.slices)
        self._total = cells(asked.prompt.units)
        self._pending: list[int] = []
        """Tokens that were chosen and are not in the cache yet."""
        self._closing: StopReason | None = None
        self._count = 0
        request = asked.request
        self._sampler = Sampler(model, request.sampling, request.max_tokens, request.form)
        self.stream = AnswerStream(tags)
        self.reason: StopReason | None = None
        """Why it is over, once it is."""
        asked.clock.reused = cached.n_cells
        self._tell_reading(cached.n_cells)
        if not self._slices:
            self.reason = "end"

    @property
    def id(self) -> str:
        return self.asked.request.id

    @property
    def generating(self) -> bool:
        return not self._slices

    @property
    def picture(self) -> ImageUnit | None:
        """The picture that must be seen next, if one must."""
        unit = self._slices[0][0] if self._slices else None
        return unit if isinstance(unit, ImageUnit) else None

    @property
    def picture_index(self) -> int:
        """Place of that picture among those of the conversation, from 0."""
        return sum(isinstance(unit, ImageUnit) for unit in self.cached.units)

    @property
    def pictures_pending(self) -> bool:
        """Whether any picture is left to see."""
        return any(isinstance(units[0], ImageUnit) for units in self._slices)

    @property
    def reserved(self) -> int:
        """Cells that it may still need."""
        left = 0 if self.asked.ahead else self.asked.request.max_tokens - self._count
        return sum(cells(units) for units in self._slices) + len(self._pending) + left

    def wanted(self) -> tuple[int, ...]:
        """The tokens to be decoded next, at most a slice; none where a picture comes first."""
        if self._slices:
            return tuple(unit for unit in self._slices[0] if isinstance(unit, int))
        return tuple(self._pending)

    @property
    def wants_logits(self) -> bool:
        """Whether what the last of them predicts may be needed."""
        return len(self._slices) <= 1 and not self.asked.ahead

    def overflowed(self) -> None:
        """There is no cell for what it wants decoded."""
        self.reason = "context"

    def read(self, units: Sequence[Unit], spent_ms: float) -> None:
        """These units are in the cache now, and took that long."""
        self.cached.extend(units)
        if self._slices:
            self._slices.popleft()
            self.asked.clock.prefill_ms += spent_ms
            self._tell_reading(self.cached.n_cells)
            if not self._slices and self.asked.ahead:
                self.reason = "end"
            return
        self._pending.clear()
        if self._closing is not None:
            self.reason = self._closing

    def tell_seen(self, done: int) -> None:
        """So many tokens of the picture that is being read are in the cache."""
        self._tell_reading(self.cached.n_cells + done)

    def _tell_reading(self, done: int) -> None:
        self.asked.emit(Prefilling(self.id, done, self._total, self.asked.clock.reused))

    def sample(self, row: int) -> None:
        """Choose the next token from the logits of that row of the last decode call."""
        token, logprob = self._sampler.next(row)
        if self._count == 0:
            self.asked.clock.first_token_ms = self.asked.clock.since_start()
        if self._model.ends(token):
            self.reason = "end"
            return
        self._say(token, logprob)
        for forced in self._sampler.forced():
            if self._closing is None:
                self._say(forced, None)
        if self._sampler.looping:
            self.reason = "loop"
        elif self._sampler.finished:
            self.reason = "end"  # what it said last is read with the next turn

    def _say(self, token: int, logprob: float | None) -> None:
        self._count += 1
        piece = self.stream.push(token, self._model.piece(token))
        self.asked.emit(Token(self.id, piece.text, logprob, piece.thinking))
        self._pending.append(token)
        if self._count == self.asked.request.max_tokens:
            self._closing = "length"

    def generated(self) -> Generated:
        """Its last event."""
        assert self.reason is not None
        return Generated(self.id, self.stream.text, self.reason, self.asked.clock.timings(self._count))

    def close(self) -> None:
        """Free its native memory."""
        self._sampler.close()
