"""One question while it is answered: hears the engine, says what it means, and ends with the Answer.

Its states are *listening* (the model speaks), *checking* (it has made claims, and `wanted` names the things whose place is
still looked for) and *over*. A reading never calls the engine; who does reads `looping` and `wanted`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from time import perf_counter

from backend.answer import Answer, PictureRef, Timings
from backend.ask import claims, counting, evidence
from backend.ask.measured import Localisation
from backend.ask.parsing import FindingParser
from backend.ask.posing import Posed
from backend.ask.remarks import remarks
from backend.ask.tags import tagged
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
    Token,
)
from backend.scene import Box, Box3D, Claim, Finding, Point


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
        self.wanted: tuple[str, ...] = ()
        """Names of things that the claims speak of and that have no box yet; each is told to `located`."""
        self.counting = ""
        """The prompt for the boxes of all that it counts, which are told to `listed`; empty where it counts nothing."""
        self._card = card
        self._model = model
        self._parser = FindingParser(posed.views)
        self._claims: list[Claim] = []
        self._located: dict[str, Box | None] = {}
        self._census: counting.Counted | None = None
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
                yield event

    def end(self, event: Cancelled | Failed) -> Iterator[AskEvent]:
        """End it from outside, unless it has ended."""
        if not self.over:
            self.over = True
            yield event

    def located(self, name: str, box: Box | None) -> Iterator[AskEvent]:
        """The search for one of the `wanted` has ended. After the last the claims are judged, and the answer is whole."""
        self._located[_key(name)] = box
        yield from self._unless_waiting()

    def listed(self, counted: counting.Counted) -> Iterator[AskEvent]:
        """The list of all that it counts has ended."""
        self._census = counted
        yield from self._unless_waiting()

    def _unless_waiting(self) -> Iterator[AskEvent]:
        """Conclude, where nothing is looked for any more."""
        waiting = self.counting and self._census is None
        if not (self.over or waiting) and all(_key(wanted) in self._located for wanted in self.wanted):
            yield from self._conclude()

    def _token(self, event: Token) -> Iterator[AskEvent]:
        self._tokens += 1
        self._first_token = self._first_token or perf_counter()
        yield event
        if event.text and not event.thinking:
            yield from (Found(self.id, finding) for finding in self._parser.feed(event.text, event.logprob))

    def _said(self, reason: StopReason, timings: Timings) -> Iterator[AskEvent]:
        """The model has ended."""
        self._reason, self._timings = reason, timings
        if not self.looping:
            yield from (Found(self.id, finding) for finding in self._parser.finish())
        posed = self.posed
        if posed.task.claims and len(posed.views) == 1:
            self._claims = claims.stated(self._parser.text.strip(), posed.question.text)
        boxes = _boxes(self._parser.findings)
        named = [name for claim in self._claims for name in (claim.subject, claim.object)]
        missing: dict[str, str] = {}
        for name in named:
            if not evidence.boxes_for(name, boxes):
                missing.setdefault(_key(name), name)
        self.wanted = tuple(missing.values())
        self.counting = counting.sought(posed, self._parser)
        yield from self._unless_waiting()

    def _conclude(self) -> Iterator[AskEvent]:
        """Judge the claims with what was located, and give the whole answer."""
        findings: list[Finding] = list(self._parser.findings)
        judged: list[Claim] = []
        about = self._model()
        for counted in self._census.boxes if self._census else ():
            findings.append(replace(counted, id=f"b{len(_boxes(findings)) + 1}"))
            yield Found(self.id, findings[-1])
        for claim in self._claims:
            for name in (claim.subject, claim.object):
                box = self._located.pop(_key(name), None)
                if box is not None:
                    named = replace(box, label=name, id=f"b{len(_boxes(findings)) + 1}")
                    findings.append(named)
                    yield Found(self.id, named)
            judged.append(evidence.ruled(claim, _boxes(findings), self.posed.views[0].picture, about.localisation))
            yield Judged(self.id, judged[-1])
        self.over = True
        yield Done(self.id, self._answer(findings, judged, about))

    def _answer(self, findings: list[Finding], judged: list[Claim], about: About) -> Answer:
        posed, parser = self.posed, self._parser
        return Answer(
            question=posed.question.text,
            task=posed.task.name,
            text=parser.text.strip(),
            pictures=tuple(PictureRef.of(picture) for picture in posed.question.pictures),
            boxes=tuple(_boxes(findings)),
            points=tuple(f for f in findings if isinstance(f, Point)),
            boxes3d=tuple(f for f in findings if isinstance(f, Box3D)),
            claims=tuple(judged),
            tags=() if posed.task.grounds else tagged(parser.text.strip()),
            warnings=(
                *counting.compared(posed, parser, self._census),
                *remarks(posed, self._card, parser, self._reason, self._timings.tokens),
            ),
            model=about.recorded,
            timings=replace(self._timings, total_ms=(perf_counter() - posed.started) * 1000),
            turn=(posed.prompt, parser.text),
        )

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


def _boxes(findings: list[Finding]) -> list[Box]:
    return [finding for finding in findings if isinstance(finding, Box)]


def _key(name: str) -> str:
    return name.strip().casefold()
