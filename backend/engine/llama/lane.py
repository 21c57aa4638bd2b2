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
from backend.engine.llama.reasoning import Course, Reasoning
from backend.engine.llama.sampling import Sampler
from backend.engine.llama.stream import AnswerStream, Piece
from backend.events import EngineEvent, Generated, Prefilling, StopReason, Thought, ThoughtEnd, Token
from backend.scene import Raster

Emit = Callable[[EngineEvent], None]


@dataclass(slots=True)
class Clock:
    """Where the time of one request goes; milliseconds since it was asked."""

    started: float = field(default_factory=time.perf_counter)
    encode_ms: float = 0.0
    prefill_ms: float = 0.0
    first_token_ms: float = 0.0
    thinking_ms: float = 0.0
    reused: int = 0

    def since_start(self) -> float:
        return (time.perf_counter() - self.started) * 1000

    def timings(self, tokens: int, thought: int) -> Timings:
        """Of an answer of so many tokens, behind a reasoning of so many."""
        total, made = self.since_start(), tokens + thought
        generating = (total - self.first_token_ms) / 1000
        return Timings(
            encode_ms=self.encode_ms,
            prefill_ms=self.prefill_ms,
            first_token_ms=self.first_token_ms,
            total_ms=total,
            thinking_ms=self.thinking_ms,
            thinking_tokens=thought,
            tokens=tokens,
            tokens_per_s=(made - 1) / generating if made > 1 and generating > 0 else 0.0,
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
    reasoning: Reasoning | None = None
    """How its model reasons, where it does."""
    budget: int = 0
    """Tokens that it may reason for; 0: its prompt ends behind an empty reasoning."""

    @property
    def ahead(self) -> bool:
        return self.request.ahead

    @property
    def reserved(self) -> int:
        """Cells that its reasoning and its answer may need."""
        if self.ahead:
            return 0
        course = self.course()
        return self.request.max_tokens + (course.reserved if course else 0)

    def course(self) -> Course | None:
        """The reasoning that its prompt opens, at its beginning."""
        return Course(self.reasoning, self.budget) if self.reasoning and self.budget else None

    @property
    def pictures(self) -> frozenset[str]:
        """The keys of its pictures."""
        return frozenset(unit.key for unit in self.prompt.pictures)


class Lane:
    """A request that has a sequence of the cache to work in."""

    def __init__(self, asked: Asked, sequence: int, cached: Cached, todo: Plan, model: LanguageModel) -> None:
        self.asked, self.sequence, self.cached = asked, sequence, cached
        self._model = model
        self._slices = deque(todo.slices)
        self._total = cells(asked.prompt.units)
        self._pending: list[int] = []
        """Tokens that were chosen and are not in the cache yet."""
        self._closing: StopReason | None = None
        self._count = 0
        """Tokens of the answer."""
        self._thought = 0
        """Tokens of the reasoning, once it is over."""
        self._course = asked.course()
        request = asked.request
        free = self._course is not None  # the form is the answer's
        self._sampler = Sampler(model, request.sampling, asked.reserved, None if free else request.form, request.begun)
        tags = asked.reasoning.tags if asked.reasoning else None
        self.stream = AnswerStream(tags, begun=self._course is not None)
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
        thoughts = self._course.reserved if self._course else 0
        return sum(cells(units) for units in self._slices) + len(self._pending) + thoughts + left

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
        if not self.asked.clock.first_token_ms:
            self._begin_saying()
        if self._course is not None:
            self._reason(self._course, token, logprob)
            return
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

    def _begin_saying(self) -> None:
        clock = self.asked.clock
        clock.first_token_ms = clock.since_start()
        if self.asked.reasoning is not None and self._course is None:
            self.asked.emit(Thought(self.id, 0, 0.0, "budget"))

    def _reason(self, course: Course, token: int, logprob: float) -> None:
        """Go on with the reasoning, or end it: its budget, a loop and an end of the turn end it, and not the answer."""
        if self._model.ends(token):
            self._answer(course, "turn")
            return
        self._put(token, logprob)
        if not self.stream.thinking:
            self._answer(course, "itself")
            return
        course.tokens += 1
        if self._sampler.looping:
            self._answer(course, "loop")
        elif course.spent:
            self._answer(course, "budget")

    def _answer(self, course: Course, ended: ThoughtEnd) -> None:
        """The reasoning is over: say what leads to the answer, which begins with the next token that is sampled."""
        clock = self.asked.clock
        self._course, self._thought = None, course.tokens
        clock.thinking_ms = clock.since_start() - clock.first_token_ms
        for token in course.ending(itself=ended == "itself"):
            self._read_next(token)  # and is not told: these are not the model's words
        self._sampler.begin_answer(self.asked.request.form)
        self.asked.emit(Thought(self.id, course.tokens, clock.thinking_ms, ended))

    def _say(self, token: int, logprob: float | None) -> None:
        self._count += 1
        self._put(token, logprob)
        if self._count == self.asked.request.max_tokens:
            self._closing = "length"

    def _put(self, token: int, logprob: float | None) -> None:
        """Tell a token, and have it decoded next."""
        piece = self._read_next(token)
        self.asked.emit(Token(self.id, piece.text, logprob, piece.thinking))

    def _read_next(self, token: int) -> Piece:
        self._pending.append(token)
        return self.stream.push(token, self._model.piece(token))

    def generated(self) -> Generated:
        """Its last event."""
        assert self.reason is not None
        thought = self._course.tokens if self._course else self._thought
        return Generated(self.id, self.stream.text, self.reason, self.asked.clock.timings(self._count, thought))

    def close(self) -> None:
        """Free its native memory."""
        self._sampler.close()
