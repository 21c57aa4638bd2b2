"""A question as it is put to the engine: its task settled, its words phrased, its pictures in view.

Everything about a question that is decided before the model has said anything is decided here, once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from time import perf_counter

from backend.answer import Asked, Sent
from backend.ask import prompts, solids
from backend.ask.book import book
from backend.ask.forms import form_of
from backend.ask.showing import Showing
from backend.ask.task import Kind, Question, Task, Turn
from backend.ask.wish import Sought, Wish
from backend.catalog.card import ModelCard, SamplingRule
from backend.engine.api import Message, Request, Sampling
from backend.errors import UsageError
from backend.language import _
from backend.scene import Raster, View

_ASIDE_TOKENS = 256
"""Answer tokens at most of a question beside the one that was asked, unless it lists: some five boxes, or a few sentences."""
_SAMPLING = ("temperature", "top_p", "top_k", "min_p", "presence_penalty")
_ANSWERED_BY = {
    Sought.BOXES: Kind.BOXES,
    Sought.LIST: Kind.BOXES,
    Sought.SOLIDS: Kind.BOXES3D,
    Sought.ANSWER: Kind.PROSE,
}


@dataclass(frozen=True, slots=True)
class Posed:
    """One question, ready for the engine."""

    question: Question
    task: Task
    prompt: str
    """The question in the words that the model is given."""
    views: tuple[View, ...]
    """How each of its pictures is shown."""
    request: Request
    started: float
    """When work on it began, on the clock of `perf_counter`."""

    @property
    def opening(self) -> tuple[str | Raster, ...]:
        """What its first message says before the first question: the pictures."""
        return self.request.messages[0].parts[:-1]

    @property
    def asked(self) -> Asked:
        """For the record: what the model is sent, without pixels, and how."""
        question, request, numbers = self.question, self.request, count()
        messages = tuple(
            Sent(one.role, tuple(p if isinstance(p, str) else (next(numbers), p.width, p.height) for p in one.parts))
            for one in request.messages
        )
        sampling = request.sampling
        seen = question.observed
        return Asked(
            messages,
            request.max_tokens,
            request.thinking_tokens,
            sampling.seed,
            tuple((name, float(getattr(sampling, name))) for name in _SAMPLING),
            question.second_looks,
            question.camera is not None,
            (
                *(("depth",) if any(one.depth is not None for one in seen) else ()),
                *(("words",) if any(one.words for one in seen) else ()),
            ),
            None if (part := question.part) is None else (part.left, part.top, part.width, part.height),
        )


def settled(question: Question) -> Task:
    """The task of a question that can be asked. Raises UsageError for one that cannot."""
    if not question.text.strip():
        raise UsageError(_("the question is empty"), cure=_('ask something, such as "Locate the red circle"'))
    if not question.pictures:
        raise UsageError(_("there is no picture to ask about"), cure=_("name at least one picture file"))
    solids.require_camera(question)
    task = prompts.settle(question.task, question.text)
    _require_whole(question, task)
    return task


def pose(question: Question, task: Task, card: ModelCard, showing: Showing) -> Posed:
    """Put a question whose pictures are expected into the model's terms. Raises UsageError where they do not fit."""
    started = perf_counter()
    limit = question.max_tokens or card.max_tokens
    prompt = "\n".join((*question.told, prompts.phrase(task, question.text)))
    views = tuple(showing.views(question.pictures, limit, question.part))
    turns = (*question.history, Turn(prompt, ""))
    messages: list[Message] = []
    for turn in turns:
        opening = () if messages else showing.opening(views)
        messages += (Message("user", (*opening, turn.question)), Message("assistant", (turn.answer,)))
    sampling = _sampling(rule_for(task, card), question.seed)
    form = form_of(task, prompt, card.coordinates, pictures=len(views))
    thinking = question.thinking_tokens if question.thinking_tokens is not None else card.thinking_tokens
    reasons = thinking if card.thinking else None
    said = (*messages[:-1], Message("assistant", (question.begun,))) if question.begun else tuple(messages[:-1])
    request = Request(said, sampling, limit, question.id, passing=question.passing, form=form, thinking_tokens=reasons)
    return Posed(question, task, prompt, views, request, started)


def aside(wish: Wish, posed: Posed, card: ModelCard, showing: Showing) -> Request:
    """A short request beside a question, on its pictures or on what the wish shows in their place; it has an id of its own."""
    opening = posed.opening if wish.view is None else showing.opening((wish.view,))
    task = book().plain(_ANSWERED_BY[wish.sought])
    pictures = len(posed.views) if wish.view is None else 1
    form = form_of(task, wish.prompt, card.coordinates, pictures=pictures)
    limit = card.max_tokens if wish.sought is Sought.LIST else _ASIDE_TOKENS
    rule = card.box_sampling if task.grounds else replace(card.text_sampling, temperature=0.0)
    message = Message("user", (*opening, wish.prompt))
    reasons = posed.request.thinking_tokens if wish.sought is Sought.ANSWER else 0  # where a thing is takes no reasoning
    return Request(
        (message,),
        _sampling(rule, 0),
        limit,
        passing=posed.question.passing,
        form=form,
        thinking_tokens=reasons if card.thinking else None,
    )


def rule_for(task: Task, card: ModelCard) -> SamplingRule:
    """How the tokens of its answer are drawn."""
    return card.box_sampling if task.grounds else card.text_sampling


def _require_whole(question: Question, task: Task) -> None:
    """Refuse what a part of a picture cannot answer."""
    if question.part is None:
        return
    if len(question.pictures) != 1:
        raise UsageError(
            _("a part of a picture is asked about alone"), cure=_("ask about one picture, or about all of them whole")
        )
    if task.kind is Kind.BOXES3D:
        raise UsageError(
            _("3D boxes are estimated from the whole picture: in a part of it the camera would seem to be another"),
            cure=_("ask about the whole picture"),
        )


def _sampling(rule: SamplingRule, seed: int) -> Sampling:
    return Sampling(rule.temperature, rule.top_p, rule.top_k, rule.min_p, rule.presence_penalty, seed)
