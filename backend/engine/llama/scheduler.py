"""Many requests through one loaded model: each step decodes what all of them want in one call.

Weights are read once a step however many conversations are answered, which is what a batch is worth. The scheduler alone
knows what lies in the KV cache: a step either completes and is noted, or is undone, so that a cancel or a failure leaves
the cache as it was and the next answer is exact. Called from one thread.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence

from backend.engine.api import Request
from backend.engine.llama.chat import Answered, Control, Image, Seam, Segment, Text, framed
from backend.engine.llama.embeddings import EncodedImages
from backend.engine.llama.lane import Asked, Clock, Emit, Lane
from backend.engine.llama.model import SEQUENCES, LanguageModel, Row, Stopped
from backend.engine.llama.parked import ParkedPrefixes
from backend.engine.llama.prefix import SLICE, ImageUnit, Prompt, PromptBuilder, cells
from backend.engine.llama.reasoning import Reasoning
from backend.engine.llama.sequences import Sequences, Source
from backend.engine.llama.stream import AnswerStream
from backend.engine.llama.vision import VisionTower
from backend.engine.llama.waiting import FairQueue
from backend.errors import SightlineError, UsageError
from backend.events import Cancelled, Encoding, Failed
from backend.language import _
from backend.scene import Raster

REMEMBERED_ANSWERS = 256


class Scheduler:
    """Answers requests as they come, reusing what earlier ones left in the cache."""

    def __init__(
        self, model: LanguageModel, vision: VisionTower, *, thinking: bool, encoded: EncodedImages | None = None
    ) -> None:
        self._model, self._vision = model, vision
        self._reasoning = Reasoning.of(model) if thinking else None
        self._controls: dict[Control, int] = {
            control: model.control(control) for control in Control if control not in (Control.THINK, Control.THINK_END)
        } | (self._reasoning.controls if self._reasoning else {})
        self._sequences = Sequences(model, ParkedPrefixes(), SEQUENCES)
        self._encoded = EncodedImages() if encoded is None else encoded
        self._answers: OrderedDict[str, tuple[int, ...]] = OrderedDict()
        self._queue: FairQueue[Asked] = FairQueue()
        self._lanes: list[Lane] = []
        self._cancelled: set[str] = set()

    def submit(self, request: Request, emit: Emit, client: int = 0) -> None:
        """Take a request on; its events, the last of which is Generated, Cancelled or Failed, come during later steps."""
        clock = Clock()
        try:
            asked = self._asked(request, emit, client, clock)
        except SightlineError as error:
            emit(Failed(request.id, error))
            return
        self._queue.push(asked)

    def cancel(self, request_id: str) -> None:
        """Before the next step, end that request with Cancelled. Unknown and finished ones are ignored."""
        self._cancelled.add(request_id)

    def drop_client(self, client: int) -> None:
        """Nobody listens to that client's requests any more."""
        for asked in [*self._queue, *(lane.asked for lane in self._lanes)]:
            if asked.client == client:
                self.cancel(asked.request.id)

    @property
    def live(self) -> tuple[Request, ...]:
        """The requests that the next step works on, or would if it were not for others."""
        return tuple(lane.asked.request for lane in self._lanes)

    @property
    def idle(self) -> bool:
        return not self._lanes and not len(self._queue)

    def settle(self) -> None:
        """End what was cancelled, and begin what can begin; computes nothing."""
        self._end_cancelled()
        self._admit()

    def work(self) -> None:
        """One call's worth of work on what is live."""
        seeing = next((lane for lane in self._lanes if lane.picture), None)
        try:
            reading = [lane for lane in self._lanes if lane is not seeing and lane.picture is None and lane.reason is None]
            if reading:
                self._decode(reading)
            if seeing is not None:
                self._see(seeing)
        except Stopped:
            self._rewind()
        except SightlineError as error:
            self._rewind()
            for lane in list(self._lanes):  # one decode call, one fate
                self._end(lane, error)
        for lane in [lane for lane in self._lanes if lane.reason]:
            self._end(lane)

    # Coming and going

    def _end_cancelled(self) -> None:
        for asked in list(self._queue):
            if asked.request.id in self._cancelled:
                self._queue.take(asked)
                asked.emit(Cancelled(asked.request.id))
        for lane in list(self._lanes):
            if lane.id in self._cancelled:
                self._end(lane)
        self._cancelled.clear()

    def _admit(self) -> None:
        """Give a sequence to everyone who can start now, in fair order; what was begun ahead gives way."""
        if self._queue.asked:
            for lane in [lane for lane in self._lanes if lane.asked.ahead]:
                if not any(lane.asked.pictures & asked.pictures for asked in self._queue if not asked.ahead):
                    self._end(lane)
        for asked in self._queue:
            if self._sequences.full or (asked.ahead and self._lanes):
                return
            source = self._sequences.find(asked.prompt, answer=not asked.ahead)
            if self._must_wait_for_pictures(asked, source):
                continue
            if self._lanes and self._needed(asked, source) > self._sequences.free_cells(source) - self._reserved():
                return  # nobody overtakes: a long question would wait for ever
            self._queue.take(asked)
            self._begin(asked, source)

    def _must_wait_for_pictures(self, asked: Asked, source: Source) -> bool:
        """One picture is seen at a time: perhaps it is the same."""
        unseen = cells(asked.prompt.units) - source.keep_cells
        has_pictures = any(isinstance(unit, ImageUnit) for unit in asked.prompt.units)
        text = cells(unit for unit in asked.prompt.units if not isinstance(unit, ImageUnit))
        return has_pictures and unseen > text and any(lane.pictures_pending for lane in self._lanes)

    def _needed(self, asked: Asked, source: Source) -> int:
        return cells(asked.prompt.units) - source.keep_cells + asked.reserved

    def _reserved(self) -> int:
        return sum(lane.reserved for lane in self._lanes)

    def _begin(self, asked: Asked, source: Source) -> None:
        try:
            passing = asked.request.passing
            number, cached, todo = self._sequences.open(asked.prompt, source, answer=not asked.ahead, passing=passing)
            self._lanes.append(Lane(asked, number, cached, todo, self._model))
        except SightlineError as error:
            asked.emit(Failed(asked.request.id, error))

    def _end(self, lane: Lane, error: SightlineError | None = None) -> None:
        """Let go of a lane, and emit its last event: Generated where it is through, else Failed or Cancelled."""
        self._lanes.remove(lane)
        self._sequences.close(lane.sequence)
        lane.close()
        if error is not None:
            lane.asked.emit(Failed(lane.id, error))
        elif lane.reason is None:
            self._remember(lane.stream)  # it may be gone on with
            lane.asked.emit(Cancelled(lane.id))
        else:
            self._remember(lane.stream)
            lane.asked.emit(lane.generated())

    # The prompt

    def _asked(self, request: Request, emit: Emit, client: int, clock: Clock) -> Asked:
        """The request with its prompt, and with the reasoning that the context has room for."""
        thinks = self._reasoning
        prompt, rasters = self._prompt(framed(request.messages, thinking=thinks is not None))
        if request.ahead:
            return Asked(request, emit, client, prompt.up_to_pictures(), rasters, clock)
        if thinks is None or request.begun:
            return Asked(request, emit, client, prompt, rasters, clock)
        budget = thinks.budget(request.thinking_tokens, self._model.cells - cells(prompt.units) - request.max_tokens)
        if budget == 0:
            prompt, rasters = self._prompt(framed(request.messages, thinking=True, skipped=True))
        return Asked(request, emit, client, prompt, rasters, clock, thinks, budget)

    def _prompt(self, segments: Sequence[Segment]) -> tuple[Prompt, tuple[Raster, ...]]:
        builder = PromptBuilder(min(SLICE, self._model.batch_size))
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
            raise UsageError(
                _(
                    "the question needs {needed} tokens ({cells} of them for pictures), and the model's "
                    "context holds {available}, answer included"
                ).format(needed=needed, cells=cells(prompt.pictures), available=available),
                cure=_("shorten the question, start a new conversation, or show fewer or smaller pictures"),
            )
        return prompt, tuple(rasters)

    def _answered(self, builder: PromptBuilder, text: str) -> None:
        """The ids as they were sampled: the same text tokenised anew may be other tokens, and would not be in the cache."""
        known = self._answers.get(text)
        if known is None:
            builder.text(self._model.tokens(text))
        else:
            self._answers.move_to_end(text)
            builder.answer(known)

    def _remember(self, stream: AnswerStream) -> None:
        if not stream.ids:
            return
        self._answers[stream.text] = stream.ids
        self._answers.move_to_end(stream.text)
        while len(self._answers) > REMEMBERED_ANSWERS:
            self._answers.popitem(last=False)

    # The work

    def _rewind(self) -> None:
        """Remove what an interrupted call may have left behind the last complete one of each lane."""
        for lane in self._lanes:
            self._sequences.rewind(lane.sequence)

    def _decode(self, lanes: Iterable[Lane]) -> None:
        """One call for all that fits into it: those that are answered first, then those that read."""
        rows: list[Row] = []
        parts: list[tuple[Lane, tuple[int, ...]]] = []
        for lane in sorted(lanes, key=lambda lane: not lane.generating):
            ids = lane.wanted()
            if len(rows) + len(ids) > self._model.batch_size:
                continue
            start = lane.cached.n_positions
            last = len(ids) - 1
            rows += [
                Row(token, start + index, lane.sequence, index == last and lane.wants_logits) for index, token in enumerate(ids)
            ]
            parts.append((lane, ids))
        if not self._sequences.make_room(len(rows)):
            for lane, __ in parts:
                lane.overflowed()
            return
        started = time.perf_counter()
        self._model.decode(rows)
        spent = (time.perf_counter() - started) * 1000
        row = -1
        for lane, ids in parts:
            row += len(ids)
            wants = lane.wants_logits
            lane.read(ids, spent)
            if wants and lane.reason is None:
                lane.sample(row)

    def _see(self, lane: Lane) -> None:
        """Encode the lane's next picture, or read it into the cache where that is done."""
        unit = lane.picture
        assert unit is not None
        raster = lane.asked.rasters[lane.picture_index]
        embedding = self._encoded.get(unit.key)
        started = time.perf_counter()
        if embedding is None:
            embedding = self._vision.encode(raster, lambda done, total: self._tell_encoding(unit.key, done, total))
            lane.asked.clock.encode_ms += (time.perf_counter() - started) * 1000
            self._encoded.put(unit.key, embedding, passing=lane.asked.request.passing)
            return
        self._sequences.make_room(unit.n_tokens)
        self._vision.decode(raster, embedding, lane.cached.n_positions, lane.sequence, lane.tell_seen)
        lane.read([unit], (time.perf_counter() - started) * 1000)

    def _tell_encoding(self, key: str, done: int, total: int) -> None:
        """To everyone whose question is about that picture."""
        for asked in [*(lane.asked for lane in self._lanes), *self._queue]:
            for index, unit in enumerate(asked.prompt.pictures):
                if unit.key == key:
                    asked.emit(Encoding(asked.request.id, index, done, total))
                    break
