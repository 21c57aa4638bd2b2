"""One request through the loaded model: prompt → cache → tokens → events.

The answerer owns the truth about what lies in the KV cache. Every step either completes and is noted, or is undone: a
cancel or a failure leaves the cache as it was after the last complete step, so the next answer is exact.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backend.answer import Timings
from backend.engine.api import Request
from backend.engine.llama.chat import Answered, Control, Image, Seam, Segment, Text, framed
from backend.engine.llama.embeddings import EncodedImages
from backend.engine.llama.model import LanguageModel, Stopped
from backend.engine.llama.prefix import Cached, ImageUnit, Prompt, PromptBuilder, Unit, cells, plan, positions
from backend.engine.llama.sampling import Sampler
from backend.engine.llama.stream import AnswerStream, ThinkTags
from backend.engine.llama.vision import VisionTower
from backend.errors import SightlineError, UsageError
from backend.events import Cancelled, Encoding, EngineEvent, Failed, Generated, Prefilling, StopReason, Token
from backend.scene import Raster

Emit = Callable[[EngineEvent], None]

REMEMBERED_ANSWERS = 256


@dataclass(slots=True)
class _Clock:
    """Where the time goes; milliseconds."""

    started: float
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


class Answerer:
    """Answers one request at a time, reusing what earlier ones left in the cache."""

    def __init__(self, model: LanguageModel, vision: VisionTower, *, thinking: bool) -> None:
        self._model, self._vision = model, vision
        self._controls: dict[Control, int] = {
            control: model.control(control) for control in Control if control is not Control.THINK
        }
        self._tags: ThinkTags | None = model.think_tags() if thinking else None
        if self._tags is not None:
            self._controls[Control.THINK] = self._tags.start
        self._cached = Cached()
        self._encoded = EncodedImages()
        self._answers: OrderedDict[str, tuple[int, ...]] = OrderedDict()

    def answer(self, request: Request, emit: Emit) -> None:
        """Emit the request's events, the last of which is Generated, Cancelled or Failed."""
        try:
            emit(self._generated(request, emit))
        except Stopped:
            self._rewind()
            emit(Cancelled(request.id))
        except SightlineError as error:
            self._rewind()
            emit(Failed(request.id, error))

    def _generated(self, request: Request, emit: Emit) -> Generated:
        clock = _Clock(time.perf_counter())
        prompt, rasters = self._prompt(framed(request.messages, thinking=self._tags is not None))
        self._prefill(prompt, rasters, request.id, emit, clock)
        return self._generate(request, emit, clock)

    # The prompt

    def _prompt(self, segments: Sequence[Segment]) -> tuple[Prompt, list[Raster]]:
        builder = PromptBuilder(self._model.batch_size)
        rasters: list[Raster] = []
        for segment in segments:
            match segment:
                case Control():
                    builder.text([self._controls[segment]])
                case Text(text):
                    builder.text(self._model.tokens(text))
                case Image(raster):
                    builder.image(self._vision.unit(raster))
                    rasters.append(raster)
                case Answered(text):
                    self._answered(builder, text)
                case Seam():
                    builder.seam()
        prompt = builder.build()
        needed, available = cells(prompt.units), self._model.cells
        if needed >= available:
            pictures = cells(unit for unit in prompt.units if isinstance(unit, ImageUnit))
            raise UsageError(
                f"the question needs {needed} tokens ({pictures} of them for pictures), "
                f"and the model's context holds {available}, answer included",
                cure="shorten the question, start a new conversation, or show fewer or smaller pictures",
            )
        return prompt, rasters

    def _answered(self, builder: PromptBuilder, text: str) -> None:
        """The ids as they were sampled: the same text tokenised anew may be other tokens, and would not be in the cache."""
        known = self._answers.get(text)
        if known is None:
            builder.text(self._model.tokens(text))
        else:
            self._answers.move_to_end(text)
            builder.answer(known)

    # The cache

    def _rewind(self) -> None:
        """Remove what an interrupted step may have left behind the last complete one."""
        self._model.remove_from(positions(self._cached.units))

    def _prefill(self, prompt: Prompt, rasters: Sequence[Raster], request: str, emit: Emit, clock: _Clock) -> None:
        todo = plan(self._cached, prompt)
        self._cached.truncate(todo.keep)
        self._rewind()
        clock.reused = done = cells(self._cached.units)
        total = cells(prompt.units)
        picture = sum(isinstance(unit, ImageUnit) for unit in self._cached.units)
        emit(Prefilling(request, done, total, clock.reused))
        for units in todo.slices:
            if isinstance(units[0], ImageUnit):
                self._see(units[0], rasters[picture], picture, request, emit, clock)
                picture += 1
            else:
                self._read(units, clock)
            self._cached.extend(units)
            done += cells(units)
            emit(Prefilling(request, done, total, clock.reused))

    def _read(self, units: Sequence[Unit], clock: _Clock) -> None:
        started = time.perf_counter()
        self._model.decode([unit for unit in units if isinstance(unit, int)], positions(self._cached.units))
        clock.prefill_ms += (time.perf_counter() - started) * 1000

    def _see(self, unit: ImageUnit, raster: Raster, picture: int, request: str, emit: Emit, clock: _Clock) -> None:
        embedding = self._encoded.get(unit.key)
        if embedding is None:
            started = time.perf_counter()
            embedding = self._vision.encode(raster, lambda done, total: emit(Encoding(request, picture, done, total)))
            clock.encode_ms += (time.perf_counter() - started) * 1000
            self._encoded.put(unit.key, embedding)
        started = time.perf_counter()
        self._vision.decode(raster, embedding, positions(self._cached.units))
        clock.prefill_ms += (time.perf_counter() - started) * 1000

    # The answer

    def _generate(self, request: Request, emit: Emit, clock: _Clock) -> Generated:
        stream = AnswerStream(self._tags)
        position, used = positions(self._cached.units), cells(self._cached.units)
        count = 0
        reason: StopReason = "length"
        with Sampler(self._model, request.sampling, request.max_tokens) as sampler:
            while count < request.max_tokens:
                token, logprob = sampler.next()
                if count == 0:
                    clock.first_token_ms = clock.since_start()
                if self._model.ends(token):
                    reason = "end"
                    break
                count += 1
                piece = stream.push(token, self._model.piece(token))
                emit(Token(request.id, piece.text, logprob, piece.thinking))
                if used == self._model.cells:
                    reason = "context"
                    break
                self._model.decode([token], position)
                self._cached.extend([token])
                position, used = position + 1, used + 1
        self._remember(stream)
        return Generated(request.id, stream.text, reason, clock.timings(count))

    def _remember(self, stream: AnswerStream) -> None:
        if stream.ids is None:
            return
        self._answers[stream.text] = stream.ids
        self._answers.move_to_end(stream.text)
        while len(self._answers) > REMEMBERED_ANSWERS:
            self._answers.popitem(last=False)
