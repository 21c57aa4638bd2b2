"""The right side of the screen, and all that passes between it and the model: conversation, findings, question line.

It keeps the conversations, runs the questions and reads pictures ahead of them. Threads (loading, answering, looking ahead)
post messages here; what the rest of the screen has to know is posted on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from backend.answer import Answer
from backend.ask import Asker
from backend.ask.task import Observed
from backend.errors import EngineFailure
from backend.events import Done
from backend.sanitise import one_line
from backend.scene import DepthMap, Finding
from backend.spatial.known_camera import GivenCamera
from tui import wording
from tui.ahead import LookingAhead
from tui.answering import Answering
from tui.conversation import Conversations, Exchange, Stage
from tui.depth_shown import DepthShown
from tui.examples import examples
from tui.glyphs import glyphs
from tui.notices import complain
from tui.presets import preset
from tui.preview.capabilities import Capabilities
from tui.preview.gallery import Gallery
from tui.reading_text import QUESTION
from tui.widgets.conversation_pane import ConversationPane
from tui.widgets.findings_table import FindingsTable
from tui.widgets.question_line import QuestionLine


class Dialogue(Vertical):
    """What is asked about the pictures that are looked at, and what comes of it."""

    @dataclass
    class Evidence(Message):
        """These findings belong on the picture now (None: none), and those with the indices `lit` stand out."""

        exchange: Exchange | None
        lit: frozenset[int] = frozenset()

    @dataclass
    class State(Message):
        """What the model is doing; `aside`: what it does unasked, None when that is over."""

        said: str | None
        busy: bool = False
        aside: bool = False

    @dataclass
    class Asked(Message):
        """Which pictures have a conversation has changed."""

        pictures: frozenset[Path]

    @dataclass
    class Answered(Message):
        """An answer is whole."""

        answer: Answer

    def __init__(self, asker: Asker, gallery: Gallery, capabilities: Capabilities, camera: GivenCamera | None = None) -> None:
        super().__init__(id="talk")
        self._card = card = asker.model.card
        self._signs = signs = glyphs(unicode=capabilities.unicode)
        self._conversations = Conversations()
        self._answering = Answering(self, asker, gallery, camera)
        self._ahead = LookingAhead(self, asker, gallery)
        self._pictures: tuple[Path, ...] = ()
        self._depth = DepthShown()
        self._asked_together: list[Exchange] = []
        self._conversation = ConversationPane(wording.Manner(signs, card.note), examples(card, unicode=capabilities.unicode))
        self._findings = FindingsTable(signs)
        self._question = QuestionLine()

    def compose(self) -> ComposeResult:
        yield self._conversation
        yield self._findings
        yield self._question

    @property
    def pictures(self) -> tuple[Path, ...]:
        """What is asked about now, in the order in which the model is shown them."""
        return self._pictures

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """What was asked about just these pictures."""
        return self._conversations.about(self._pictures).exchanges if self._pictures else ()

    @property
    def latest(self) -> Exchange | None:
        """The last question about them, whose evidence is shown."""
        return self._conversations.about(self._pictures).latest() if self._pictures else None

    @property
    def running(self) -> bool:
        """Whether something is being answered."""
        return bool(self._answering.running)

    def remember(self, questions: Sequence[str]) -> None:
        """Questions of earlier days."""
        self._question.remember(questions)

    def begin(self) -> None:
        """Load the model ahead of the first question."""
        self._findings.show([], [])
        self.post_message(self.State("loading the model", busy=True))
        self._answering.warm()

    def to_question(self) -> None:
        self._question.focus()

    async def about(self, pictures: tuple[Path, ...]) -> None:
        """Ask about these pictures from now on."""
        if pictures == self._pictures:
            return
        self._pictures = pictures
        await self._conversation.show(self._conversations.about(pictures) if pictures else None)
        self._show_evidence()

    def seen(self, picture: Path, depth: DepthMap | None) -> None:
        """What a depth network sees of the picture that is shown (None: it is not shown): told beside the findings, and from
        now on the witness of what is said of near and far."""
        shown = DepthShown() if depth is None else DepthShown(picture, depth)
        if shown != self._depth:
            self._depth = shown
            self._show_evidence()

    def rest(self, *pictures: Path) -> None:
        """The cursor rests on the first of these; the others may be next."""
        self._ahead.rest(*pictures)

    # --- loading

    @on(Answering.Warming)
    def _warming(self, message: Answering.Warming) -> None:
        message.stop()
        if not self.running:
            self.post_message(self.State(f"loading the model {message.fraction:.0%}", busy=True))

    @on(Answering.Warmed)
    def _warmed(self, message: Answering.Warmed) -> None:
        message.stop()
        if self.running:
            return
        if message.error is None:
            self.post_message(self.State("ready"))
            self._ahead.release()
        else:
            self.post_message(self.State("the model could not be loaded"))
            complain(self, message.error)

    # --- asking

    @on(QuestionLine.Asked)
    async def _asked(self, message: QuestionLine.Asked) -> None:
        message.stop()
        if not self._pictures:
            self.notify("Choose a picture first.", markup=False)
            return
        if self.running:
            self.notify("Esc stops the current answer first.", markup=False)
            return
        self._question.asked(message.text)
        await self._ask(message.text)

    async def ask_preset(self, name: str) -> None:
        """Questions that one key asks together."""
        if self._pictures and not self.running:
            await self._ask(*preset(name).asked_of(self._card), from_preset=True)

    async def read_text(self) -> None:
        """Have the text in the one picture read, which is nothing the model is asked."""
        if len(self._pictures) == 1 and not self.running:
            await self._ask(QUESTION, from_preset=True, reads=True)

    async def _ask(self, *questions: str, from_preset: bool = False, reads: bool = False) -> None:
        """Put questions to the model together; each becomes an exchange of its own."""
        pictures = self._pictures
        conversation = self._conversations.about(pictures)
        history = conversation.history()
        exchanges = [Exchange(uuid4().hex[:12], text, pictures, preset=from_preset, reads=reads) for text in questions]
        conversation.exchanges += exchanges
        self.post_message(self.Asked(self._conversations.pictures()))
        self._ahead.hold(pictures[0])
        self._answering.start(exchanges, history, Observed(self._depth.of(pictures), conversation.words()))
        self._asked_together = exchanges
        self._say_progress()  # before anything is awaited: by then all may be over, and the engine restarted
        for exchange in exchanges:
            await self._conversation.add(exchange)
        self._show_evidence()

    @on(Answering.Progressed)
    def _progressed(self, message: Answering.Progressed) -> None:
        message.stop()
        exchange = message.exchange
        stopped = exchange.stage.over
        if stopped:  # what the model says until it has heard of it is not wanted
            return
        before = (len(exchange.findings), len(exchange.claims))
        thought_before = exchange.thoughts
        exchange.fold(message.event)
        self._conversation.changed(exchange)
        over = exchange.stage.over
        if over:
            self._answering.ended(exchange)
        self._say_progress()
        if exchange is self.latest and (over or before != (len(exchange.findings), len(exchange.claims))):
            self._show_evidence()
        if over or bool(thought_before) != bool(exchange.thoughts):
            self.screen.refresh_bindings()
        if over:
            self._after(exchange)
        if isinstance(message.event, Done):
            self.post_message(self.Answered(message.event.answer))

    def _after(self, exchange: Exchange) -> None:
        """A question is over: one that failed or was stopped is put back, unless its conversation was left meanwhile.

        After the last of those that ran the model is free; where the engine has failed, it is started anew at once rather
        than with the next question.
        """
        unanswered = exchange.stage in (Stage.FAILED, Stage.CANCELLED)
        if unanswered and exchange is self.latest and not exchange.preset:
            self._question.offer(exchange.question)
        if self.running:
            return
        if any(isinstance(one.error, EngineFailure) for one in self._asked_together):
            self.post_message(self.State("the last answer failed; the engine restarts", busy=True))
            self._answering.warm()
        else:
            self._ahead.release()

    def _say_progress(self) -> None:
        """How far the questions are that were asked last."""
        state = wording.overall(self._asked_together)
        pictures = self._asked_together[0].pictures
        if self.running and pictures != self._pictures:
            state = f"{state} ({one_line(pictures[0].name, 24)})"
        self.post_message(self.State(state, busy=self.running))

    def stop(self) -> None:
        """Stop all that is being answered."""
        self._answering.stop()

    async def forget(self) -> None:
        """Begin the conversation about these pictures anew."""
        if not self._pictures:
            return
        if any(exchange.pictures == self._pictures for exchange in self._answering.running):
            self.stop()
        self._conversations.clear(self._pictures)
        self.post_message(self.Asked(self._conversations.pictures()))
        await self._conversation.show(self._conversations.about(self._pictures))
        self._show_evidence()

    # --- what is shown of it

    def _show_evidence(self) -> None:
        """The last question's findings, in the picture and in the table."""
        latest = self.latest
        findings: list[Finding] = latest.findings if latest else []
        checks = latest.answer.checks if latest and latest.answer else ()
        depths, pictures = self._depth.told(self._pictures, findings), len(self._pictures)
        self._findings.show(findings, latest.claims if latest else (), checks, depths, pictures)
        self.post_message(self.Evidence(latest))
        self.screen.refresh_bindings()

    @on(FindingsTable.Lit)
    def _lit(self, message: FindingsTable.Lit) -> None:
        message.stop()
        self.post_message(self.Evidence(self.latest, message.findings))
        self._conversation.light(self.latest, message.claim)

    def switch_words(self) -> None:
        self._conversation.switch_words()

    def switch_thoughts(self) -> None:
        self._conversation.switch_thoughts()

    def switch_evidence(self) -> None:
        self._conversation.switch_evidence()

    def switch_second_looks(self) -> None:
        self._answering.second_looks = not self._answering.second_looks
        self.notify(f"Second looks are {'on' if self._answering.second_looks else 'off'}.", markup=False)

    # --- looking ahead

    @on(LookingAhead.Progressed)
    def _looked(self, message: LookingAhead.Progressed) -> None:
        message.stop()
        if not message.look.given_up and not self.running:
            said = wording.looking_ahead(message.look.path.name, message.done, message.total, self._signs)
            self.post_message(self.State(said, aside=True))

    @on(LookingAhead.Ended)
    def _look_ended(self, message: LookingAhead.Ended) -> None:
        message.stop()
        if not self.running:
            self.post_message(self.State(None, aside=True))
        self._ahead.ended(message.look)
