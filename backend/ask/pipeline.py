"""Questions end to end. The only stateful things are the engine and what it was shown; everything else flows through.

    pictures → views → prompt → engine → tokens → findings → claims → verdicts → Answer

`ask` returns an iterator: whoever drains it sets the pace, and closing it cancels what has not been answered.

What reads answers is imported with the first question: its patterns would hold up the first frame.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakSet

from backend.ask.showing import Showing
from backend.ask.task import AUTO, Question
from backend.catalog.card import InstalledModel
from backend.engine.api import Engine, ModelSpec
from backend.errors import UsageError
from backend.events import AskEvent, Failed, Loading
from backend.scene import Picture

if TYPE_CHECKING:
    from backend.ask.ahead import Glimpse, LookAhead
    from backend.ask.batch import Batch
    from backend.ask.measured import Localisation
    from backend.ask.reading import About


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
    """Questions to one model. `ask`, `prepare` and `warm` block the thread that drains them, and several threads may;
    `cancel` may come from any."""

    def __init__(self, model: InstalledModel, engine: Engine | None = None) -> None:
        self.model = model
        self._engine = engine or engine_for(model)
        self._showing = Showing(model.card)
        self._lock = Lock()
        self._underway: WeakSet[Batch | LookAhead] = WeakSet()
        """Weak, so that an iterator that nobody ever drains is forgotten with it."""

    def warm(self) -> Iterator[Loading]:
        """Load the model now rather than with the first question; ready when the iterator ends.

        Raises ModelError or EngineFailure.
        """
        return self._engine.load()

    def ask(self, *questions: Question) -> Generator[AskEvent, None, None]:
        """Answer the questions together: their events interleave, and each carries the id of its question.

        The last event of each question is Done, Cancelled or Failed; one that cannot be asked fails alone. They can be
        cancelled from the moment this returns.
        """
        from backend.ask.batch import Batch

        batch = Batch(self._engine, self.model.card, self._showing, (question.id for question in questions))
        with self._lock:
            self._underway.add(batch)
        return self._answers(batch, questions)

    def samples(self, question: str, task: str = AUTO) -> bool:
        """Whether chance has a part in the answer, so that another seed may give another one. Raises UsageError for a task that
        there is not."""
        from backend.ask import posing, prompts

        return posing.rule_for(prompts.settle(task, question), self.model.card).temperature > 0

    def prepare(self, picture: Picture, request_id: str) -> Iterator[Glimpse]:
        """Read a picture ahead of the first question about it; it can be cancelled under that id.

        Ends with Cancelled where it was given up, for a question or by `cancel`; without a word where it failed.
        """
        from backend.ask.ahead import LookAhead

        ahead = LookAhead(self._engine, self.model.card, self._showing, request_id)
        with self._lock:
            self._underway.add(ahead)
        return ahead.read(picture)

    def cancel(self, request_id: str) -> None:
        """Stop the question, or the look ahead, with that id; its stream ends with Cancelled. Other ids are ignored."""
        with self._lock:
            underway = list(self._underway)
        for one in underway:
            one.cancel(request_id)

    def give_way(self) -> None:
        """Somebody types: a model that computes on the processor leaves that to others for the next moments. Thread-safe.

        It may block where the engine hangs.
        """
        self._engine.give_way()

    @property
    def localisation(self) -> Localisation:
        """How far off the model's boxes are known to be, on the engine as it is now."""
        return self._about_model().localisation

    def close(self) -> None:
        """Free the model. Idempotent."""
        self._engine.close()

    def _answers(self, batch: Batch, questions: Sequence[Question]) -> Generator[AskEvent, None, None]:
        """The questions put in the model's terms, those that can be, and answered."""
        from backend.ask import posing
        from backend.ask.reading import Reading

        card, settled, readings = self.model.card, [], []
        for question in questions:
            try:
                settled.append((question, posing.settled(question)))
            except UsageError as error:
                yield Failed(question.id, error)
        for question, task in settled:
            self._showing.expect(question.pictures, task, question.image_tokens)
            self._showing.expect_as(question.pictures, question.shown_as, question.part)
        for question, task in settled:
            try:
                posed = posing.pose(question, task, card, self._showing)
            except UsageError as error:
                yield Failed(question.id, error)
            else:
                readings.append(Reading(posed, card, self._about_model))
        yield from batch.answer(readings)

    def _about_model(self) -> About:
        """What answers, known in full once the model is loaded, and how well it is known to see."""
        from backend.ask import measured
        from backend.ask.reading import About

        described = self._engine.describe()
        return About(described, measured.localisation(self.model, described))
