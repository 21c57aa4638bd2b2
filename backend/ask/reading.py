"""One question while it is answered: hears the engine, says what it means, and ends with the Answer.

Its states are *listening* (the model speaks), *checking* (`wishes` are the short questions beside it that are still to be
asked) and *over*. A reading never calls the engine; who does reads `looping` and `wishes`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from time import perf_counter

from backend.answer import Answer, Timings
from backend.ask import claims, counting, prompts, solids, words
from backend.ask.inquiry import Inquiry
from backend.ask.measured import Localisation
from backend.ask.parsing import FindingParser
from backend.ask.parsing.moments import beyond, moments
from backend.ask.posing import Posed
from backend.ask.reasoning import Reasoning
from backend.ask.remarks import remarks
from backend.ask.tags import tagged
from backend.ask.wish import Outcome, Wish
from backend.catalog.card import ModelCard
from backend.engine.api import Request
from backend.events import (
    AskEvent,
    Cancelled,
    Done,
    EngineEvent,
    Failed,
    Found,
    Generated,
    Judged,
    Prefilling,
    StopReason,
    Thought,
    Token,
)
from backend.scene import Box, Box3D, Claim, Point

_SPOTS_TEXT = "text"
"""The task whose boxes are lines of text."""


@dataclass(frozen=True, slots=True)
class About:
    """The model that answered, and its localisation error."""

    described: tuple[tuple[str, str], ...]
    localisation: Localisation

    @property
    def recorded(self) -> tuple[tuple[str, str], ...]:
        """As it goes into the answer."""
        return (*self.described, ("sigma", str(self.localisation)))


class Reading:
    """What has come of one question so far. Not thread-safe: it belongs to whoever drains the answers."""

    def __init__(self, posed: Posed, card: ModelCard, model: Callable[[], About]) -> None:
        self.posed = posed
        self.over = False
        """Its last event was given out."""
        self._card = card
        self._model = model
        self._parser = FindingParser(posed.views)
        self._inquiry: Inquiry | None = None
        self._reasoning = Reasoning(posed, card, self._parser)
        self._begun = posed.question.begun
        """What the answer goes on from, until it has been told."""
        self._outlined: Mapping[Wish, str] = {}
        """What asks for the rectangles of 3D boxes, with their labels."""
        self._reason: StopReason = "end"
        self._timings = Timings()
        self._first_token: float | None = None
        self._tokens = 0
        self._reused = 0

    @property
    def id(self) -> str:
        return self.posed.question.id

    @property
    def request(self) -> Request:
        return self.posed.request

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Who waits for this request: itself alone."""
        return (self,)

    @property
    def looping(self) -> bool:
        """The model lists the same again and again: nothing more is wanted of it."""
        return self._parser.looping

    def hear(self, event: EngineEvent) -> Iterator[AskEvent]:
        """What the engine's next event on this question means; nothing once the question is over."""
        if self.over:
            return
        if self._begun and isinstance(event, Token | Generated):
            begun, self._begun = self._begun, ""
            yield from self._heard(Token(self.id, begun, None))
        match event:
            case Generated(reason=reason, timings=timings):
                yield from self._said(reason, timings)
            case Cancelled() if self.looping:
                yield from self._said("loop", self._counted())
            case Token():
                if not self.looping:
                    yield from self._token(event)
            case _:
                self.over = isinstance(event, Cancelled | Failed)
                if isinstance(event, Prefilling):
                    self._reused = event.reused
                if isinstance(event, Thought):
                    self._reasoning.hear(event)
                yield event

    def end(self, event: Cancelled | Failed) -> Iterator[AskEvent]:
        """End it from outside, unless it has ended."""
        if not self.over:
            self.over = True
            yield event

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """What is still to be asked beside the question; each is told to `granted`."""
        return () if self._inquiry is None or self.over else self._inquiry.wishes

    def granted(self, wish: Wish, outcome: Outcome) -> Iterator[AskEvent]:
        """What came of one of the `wishes`. After the last the claims are judged, and the answer is whole."""
        if self.over or self._inquiry is None or wish not in self._inquiry.wishes:
            return
        for finding in self._inquiry.grant(wish, outcome):
            yield Found(self.id, finding)
        if not self._inquiry.wishes:
            yield from self._conclude(self._inquiry)

    def _token(self, event: Token) -> Iterator[AskEvent]:
        self._tokens += 1
        self._first_token = self._first_token or perf_counter()
        if event.thinking:
            self._reasoning.hear(event)
            yield event
            return
        yield from self._heard(event)

    def _heard(self, event: Token) -> Iterator[AskEvent]:
        """What is part of the answer."""
        found = self._parser.feed(event.text, event.logprob) if event.text else []
        yield from self._reasoning.split(event)
        yield from (Found(self.id, finding) for finding in found)

    def _said(self, reason: StopReason, timings: Timings) -> Iterator[AskEvent]:
        """The model has ended."""
        self._reason, self._timings = reason, timings
        if not self.looping:
            found = self._parser.finish()
            yield from self._reasoning.rest()
            yield from (Found(self.id, finding) for finding in found)
        if not self._parser.text.strip():
            yield from self.end(Failed(self.id, self._reasoning.silence(reason, timings.tokens)))
            return
        posed, text = self.posed, self._parser.text.strip()
        alone = len(posed.views) == 1
        asked = posed.question.text
        stated = claims.stated(text, asked, prompts.thing(asked)) if posed.task.claims else []
        self._outlined = solids.searches(posed.question, self._parser.findings)
        self._inquiry = Inquiry(
            self._parser.findings,
            stated,
            posed.views[0],
            self._card,
            counting=counting.sought(posed, self._parser),
            again=alone and posed.question.second_looks,
            outlined=self._outlined,
            depth=posed.question.observed[0].depth if alone and posed.question.observed else None,
            views=() if alone else posed.views,
            text=text,
            read=posed.question.observed[0].words if alone and posed.question.observed else (),
        )
        yield from (Found(self.id, box) for box in self._inquiry.by_text)
        if not self._inquiry.wishes:
            yield from self._conclude(self._inquiry)

    def _conclude(self, inquiry: Inquiry) -> Iterator[AskEvent]:
        """Judge the claims with what is known now, and give the whole answer."""
        about = self._model()
        judged = inquiry.judged(about.localisation)
        for claim in judged:
            yield Judged(self.id, claim)
        self.over = True
        yield Done(self.id, self._answer(inquiry, judged, about))

    def _answer(self, inquiry: Inquiry, judged: list[Claim], about: About) -> Answer:
        posed, parser, findings = self.posed, self._parser, inquiry.findings
        boxes = tuple(f for f in findings if isinstance(f, Box))
        spotted = words.checks(boxes, self._words) if posed.task.name == _SPOTS_TEXT and self._words else ()
        return Answer(
            question=posed.question.text,
            task=posed.task.name,
            text=parser.text.strip(),
            pictures=solids.references(posed.question, findings),
            boxes=(*boxes, *self._listed({check.against_id for check in spotted})),
            points=tuple(f for f in findings if isinstance(f, Point)),
            boxes3d=tuple(f for f in findings if isinstance(f, Box3D)),
            claims=tuple(judged),
            thinking=self._reasoning.text,
            checks=(
                *solids.checks(posed.question, findings, about.localisation, self._outlined.values()),
                *spotted,
            ),
            tags=() if posed.task.grounds else tagged(parser.text.strip()),
            moments=moments(parser.text.strip(), self._times),
            told=posed.question.told,
            warnings=(
                *self._reasoning.remarks(),
                *counting.compared(posed, parser, inquiry.counted),
                *remarks(posed, self._card, parser, self._reason, self._timings.tokens),
                *inquiry.remarks(),
                *beyond(parser.text.strip(), self._times),
                *solids.notes(posed.question, findings),
            ),
            model=about.recorded,
            timings=replace(self._timings, total_ms=(perf_counter() - posed.started) * 1000),
            asked=posed.asked,
            turn=(posed.prompt, parser.text),
            ended=self._reason,
        )

    @property
    def _words(self) -> tuple[Box, ...]:
        """The text that was read in all pictures."""
        return tuple(line for one in self.posed.question.observed for line in one.words)

    def _listed(self, against: Set[str]) -> tuple[Box, ...]:
        """Of that the lines that the answer lists; `against`: the ids of those that something is held against."""
        observed = self.posed.question.observed
        return tuple(line for one in observed for line in one.words if one.listed or line.id in against)

    @property
    def _times(self) -> list[float | None]:
        """When each picture is shown, of those that are frames of a film."""
        return [picture.time for picture in self.posed.question.pictures]

    def _counted(self) -> Timings:
        """Of an answer that was stopped, so that the engine gave no figures: what could be seen from here."""
        now, first = perf_counter(), self._first_token
        if first is None:
            return Timings()
        return Timings(
            first_token_ms=(first - self.posed.started) * 1000,
            tokens=self._tokens,
            tokens_per_s=self._tokens / (now - first) if now > first else 0.0,
            reused_tokens=self._reused,
        )
