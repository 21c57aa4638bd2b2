"""One question end to end. The only stateful thing is the engine; everything else flows through.

    pictures → views → prompt → engine → tokens → findings → claims → verdicts → Answer

`ask` is a generator: whoever drains it sets the pace, and closing it cancels the question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from time import perf_counter

from backend.answer import Answer, PictureRef
from backend.ask import claims, evidence, measured, prompts
from backend.ask.forms import form_of
from backend.ask.parse import FindingParser
from backend.ask.task import Question, Task, Turn
from backend.catalog.card import InstalledModel, ModelCard, SamplingRule
from backend.engine.api import Engine, Message, ModelSpec, Request, Sampling
from backend.engine.form import Form
from backend.errors import EngineFailure, SightlineError, UsageError
from backend.events import AskEvent, Cancelled, Done, EngineEvent, Failed, Found, Generated, Judged, Loading, Token
from backend.media.fit import plan, raster
from backend.sanitise import quoted
from backend.scene import Box, Box3D, Claim, Finding, Point, Raster, View

GROUNDING_TOKENS = 128
"""Answer tokens at most when a claim's name is looked for: two boxes' worth."""


def spec_of(model: InstalledModel) -> ModelSpec:
    """What the engine needs to know of an installed model."""
    card = model.card
    return ModelSpec(
        name=card.name,
        text=model.text,
        mmproj=model.mmproj,
        context=card.context,
        gpu_layers=card.gpu_layers,
        image_max_tokens=card.image_tokens.max,
        thinking=card.thinking,
    )


def engine_for(model: InstalledModel) -> Engine:
    """The engine that can run it: a worker process of this machine, or the card's server."""
    if model.card.server is not None:
        from backend.engine.remote.engine import RemoteEngine

        return RemoteEngine(model.card.name, model.card.server)
    from backend.engine.opening import open_engine

    return open_engine(spec_of(model))


class Asker:
    """Questions to one model. `ask` and `warm` block the thread that calls them; `cancel` may come from any other."""

    def __init__(self, model: InstalledModel, engine: Engine | None = None) -> None:
        self.model = model
        self._engine = engine or engine_for(model)
        self._rasters: dict[tuple[str, View], Raster] = {}
        self._cancelled: set[str] = set()

    def warm(self) -> Iterator[Loading]:
        """Load the model now rather than with the first question; ready when the iterator ends.

        Raises ModelError or EngineFailure.
        """
        return self._engine.load()

    def cancel(self, request_id: str) -> None:
        """Stop the question with that id; its stream ends with Cancelled. Finished ids are ignored."""
        self._cancelled.add(request_id)
        self._engine.cancel(request_id)

    def close(self) -> None:
        """Free the model. Idempotent."""
        self._engine.close()

    def ask(self, question: Question) -> Iterator[AskEvent]:
        """Answer one question. Every event carries `question.id`; the last is Done, Cancelled or Failed."""
        try:
            yield from self._answer(question)
        except SightlineError as error:
            yield Failed(question.id, error)
        finally:
            self._cancelled.discard(question.id)

    def _run(self, request: Request) -> Iterator[EngineEvent]:
        """The engine's events. One question makes several requests under its id: a cancel between two of them counts too."""
        events = self._engine.run(request)
        if request.id in self._cancelled:
            self._engine.cancel(request.id)
        return events

    def _answer(self, question: Question) -> Iterator[AskEvent]:
        if not question.text.strip():
            raise UsageError("the question is empty", cure='ask something, such as "Locate the red circle"')
        if not question.pictures:
            raise UsageError("there is no picture to ask about", cure="name at least one picture file")
        started = perf_counter()
        task = prompts.settle(question.task, question.text)
        prompt = prompts.phrase(task, question.text)
        views = self._views(question)
        conversation = self._conversation(question, views, prompt)
        form = self._form(task, prompt, views)
        request = Request(conversation, self._sampling(task, question.seed), self._limit(question), question.id, form=form)
        parser = FindingParser(views)
        generated: Generated | None = None
        for event in self._run(request):
            if isinstance(event, Generated):
                generated = event
                break
            yield event
            if isinstance(event, Cancelled | Failed):
                return
            if isinstance(event, Token) and event.text and not event.thinking:
                yield from (Found(question.id, finding) for finding in parser.feed(event.text, event.logprob))
        if generated is None:
            raise EngineFailure("the engine ended without an answer", cure="ask again")
        yield from (Found(question.id, finding) for finding in parser.finish())

        findings, judged = list(parser.findings), []
        known_error = measured.localisation(self.model, self._engine.describe())
        for claim in claims.stated(parser.text, question.text) if not task.grounds and len(views) == 1 else []:
            for step in self._ground(claim, question, conversation[0], views, findings):
                yield step
                if isinstance(step, Cancelled | Failed):
                    return
            boxes = [f for f in findings if isinstance(f, Box)]
            judged.append(evidence.ruled(claim, boxes, views[0].picture, known_error))
            yield Judged(question.id, judged[-1])
        timings = replace(generated.timings, total_ms=(perf_counter() - started) * 1000)
        warnings = self._warnings(question, task, generated, parser)
        yield Done(
            question.id,
            Answer(
                question=question.text,
                task=task.value,
                text=parser.text.strip(),
                pictures=tuple(PictureRef.of(picture) for picture in question.pictures),
                boxes=tuple(f for f in findings if isinstance(f, Box)),
                points=tuple(f for f in findings if isinstance(f, Point)),
                boxes3d=tuple(f for f in findings if isinstance(f, Box3D)),
                claims=tuple(judged),
                warnings=warnings,
                model=(*self._engine.describe(), ("sigma", str(known_error))),
                timings=timings,
                turn=(prompt, parser.text),
            ),
        )

    def _views(self, question: Question) -> list[View]:
        """How each picture is shown: whole, within the model's token budget and this context's share of it."""
        card = self.model.card
        room = (card.context - self._limit(question)) * 3 // 4 // len(question.pictures)
        if room < 1:
            raise UsageError(
                f"{len(question.pictures)} pictures and {self._limit(question)} answer tokens"
                f" do not fit into {card.context} tokens of context",
                cure="ask about fewer pictures, or lower --max-tokens",
            )
        budget = min(card.image_tokens.default, room)
        return [
            plan(picture, None, budget, min(card.image_tokens.min, budget), card.coordinates) for picture in question.pictures
        ]

    def _raster(self, view: View) -> Raster:
        """The view's pixels; those of the last few pictures are kept, so that a follow-up does not resize again."""
        key = (view.picture.sha256, replace(view, picture=replace(view.picture, rgb=b"")))
        if key not in self._rasters:
            while len(self._rasters) >= 8:
                self._rasters.pop(next(iter(self._rasters)))
            self._rasters[key] = raster(view)
        return self._rasters[key]

    def _conversation(self, question: Question, views: Sequence[View], prompt: str) -> tuple[Message, ...]:
        shown: list[str | Raster] = []
        for number, view in enumerate(views, 1):
            if len(views) > 1:
                shown.append(f"Picture {number}: ")
            shown.append(self._raster(view))
        messages: list[Message] = []
        for turn in (*question.history, Turn(prompt, "")):
            parts = (turn.question,) if messages else (*shown, turn.question)
            messages.append(Message("user", parts))
            messages.append(Message("assistant", (turn.answer,)))
        return tuple(messages[:-1])

    def _limit(self, question: Question) -> int:
        return question.max_tokens or self.model.card.max_tokens

    def _form(self, task: Task, prompt: str, views: Sequence[View]) -> Form | None:
        card = self.model.card
        return form_of(task, prompt, card.coordinates, pictures=len(views), thinking=card.thinking)

    def _sampling(self, task: Task, seed: int) -> Sampling:
        card = self.model.card
        return _sampling(card.box_sampling if task.grounds else card.text_sampling, seed)

    def _ground(
        self, claim: Claim, question: Question, opening: Message, views: Sequence[View], findings: list[Finding]
    ) -> Iterator[AskEvent]:
        """Ask for the claim's names that have no box yet, on the pictures that `opening` shows; adds to `findings`."""
        for name in (claim.subject, claim.object):
            if evidence.boxes_for(name, [f for f in findings if isinstance(f, Box)]):
                continue
            wanted = prompts.locate(name)
            message = Message("user", (*opening.parts[:-1], wanted))
            form = self._form(Task.BOXES, wanted, views)
            request = Request((message,), _sampling(self.model.card.box_sampling, 0), GROUNDING_TOKENS, question.id, form=form)
            parser = FindingParser(views)
            for event in self._run(request):
                if isinstance(event, Cancelled | Failed):
                    yield event
                    return
                if isinstance(event, Token) and event.text and not event.thinking:
                    parser.feed(event.text, event.logprob)
            parser.finish()
            for finding in parser.findings[:1]:
                if isinstance(finding, Box):
                    named = replace(finding, label=name, id=f"b{sum(isinstance(f, Box) for f in findings) + 1}")
                    findings.append(named)
                    yield Found(question.id, named)

    def _warnings(self, question: Question, task: Task, generated: Generated, parser: FindingParser) -> tuple[str, ...]:
        warnings = [f"{quoted(picture.name)}: {note}" for picture in question.pictures for note in picture.notes]
        if generated.reason == "length":
            warnings.append(f"the answer was cut off after {generated.timings.tokens} tokens; raise --max-tokens for more")
        elif generated.reason == "context":
            warnings.append(f"the answer was cut off: the model's context of {self.model.card.context} tokens is full")
        if not parser.text.strip():
            warnings.append("the model answered nothing")
        elif task.grounds and not parser.findings:
            warnings.append("the model located nothing that fits the question")
        warnings += parser.warnings
        return (*warnings, *_truths(self.model.card))


def _sampling(rule: SamplingRule, seed: int) -> Sampling:
    return Sampling(rule.temperature, rule.top_p, rule.top_k, rule.min_p, rule.presence_penalty, seed)


def _truths(card: ModelCard) -> tuple[str, ...]:
    """What a reader must know about the model before believing it."""
    return (card.note,) if card.bundled and card.note else ()
