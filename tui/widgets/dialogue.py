"""The right side of the screen: conversation, findings, question line, and all that passes between them and the model.

It keeps the conversations and decides what is asked; what the rest of the screen has to know is posted on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from backend.answer import Answer
from backend.ask import Asker
from backend.ask.task import Observed
from backend.language import _
from backend.scene import DepthMap, Finding
from backend.spatial.known_camera import GivenCamera
from tui import wording
from tui.conversation import Conversation, Conversations, Exchange, Stage
from tui.depth_shown import DepthShown
from tui.examples import examples
from tui.glyphs import glyphs
from tui.presets import preset
from tui.preview.capabilities import Capabilities
from tui.preview.gallery import Gallery
from tui.reading_text import QUESTION
from tui.session_keeping import SessionKeeping
from tui.widgets.attendant import Attendant
from tui.widgets.conversation_pane import ConversationPane
from tui.widgets.findings_table import FindingsTable
from tui.widgets.question_line import QuestionLine


class Dialogue(Attendant):
    """What is asked about the pictures that are looked at, and what comes of it."""

    @dataclass
    class Evidence(Message):
        """These findings belong on the picture now (None: none), and those with the indices `lit` stand out."""

        exchange: Exchange | None
        lit: frozenset[int] = frozenset()

    @dataclass
    class Asked(Message):
        """Which pictures have a conversation has changed."""

        pictures: frozenset[Path]

    @dataclass
    class Answered(Message):
        """An answer is whole."""

        answer: Answer

    def __init__(self, asker: Asker, gallery: Gallery, capabilities: Capabilities, camera: GivenCamera | None = None) -> None:
        super().__init__("talk", asker, gallery, signs := glyphs(unicode=capabilities.unicode), camera)
        self._card = card = asker.model.card
        self._conversations = Conversations()
        self.keeping: SessionKeeping | None = None
        """Who hears of all that is asked and said, to keep it."""
        self._depth = DepthShown()
        self._conversation = ConversationPane(wording.Manner(signs, card.note), examples(card, unicode=capabilities.unicode))
        self._findings = FindingsTable(signs)
        self._question = QuestionLine()

    def compose(self) -> ComposeResult:
        yield self._conversation
        yield self._findings
        yield self._question

    @property
    def conversations(self) -> Conversations:
        """All of them."""
        return self._conversations

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """What was asked about just these pictures, on the branch that is shown."""
        return self._conversations.about(self._pictures).exchanges if self._pictures else ()

    @property
    def latest(self) -> Exchange | None:
        """The last question about them, whose evidence is shown."""
        return self._conversations.about(self._pictures).latest() if self._pictures else None

    def remember(self, questions: Sequence[str]) -> None:
        """Questions of earlier days."""
        self._question.remember(questions)

    @property
    def draft(self) -> str:
        """What is being typed."""
        return self._question.value

    @draft.setter
    def draft(self, text: str) -> None:
        self._question.value = text
        self._question.cursor_position = len(text)

    async def restore(self, conversations: Iterable[Conversation]) -> None:
        """Take conversations in that were kept. What was asked meanwhile follows on a branch of its own."""
        for kept in conversations:
            since = self._conversations.about(kept.pictures)
            asked, chosen = [*kept.asked, *since.asked], {**kept.chosen, **since.chosen}
            self._conversations.restore(Conversation(kept.pictures, asked, chosen))
        self.post_message(self.Asked(self._conversations.pictures()))
        await self._conversation.show(self._conversations.about(self._pictures) if self._pictures else None)
        self._show_evidence()

    def begin(self) -> None:
        """Load the model ahead of the first question."""
        self._findings.show([], [])
        self.warm()

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

    # --- asking

    @on(QuestionLine.Asked)
    async def _asked(self, message: QuestionLine.Asked) -> None:
        message.stop()
        if not self._pictures:
            self.notify(_("Choose a picture first."), markup=False)
            return
        if self.running:
            self.notify(_("Esc stops the current answer first."), markup=False)
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
        conversation.add(*exchanges)
        if self.keeping is not None:
            self.keeping.asked(exchanges, conversation.chosen)
        self.post_message(self.Asked(self._conversations.pictures()))
        # Before anything is awaited: by then all may be over, and the engine restarted.
        self.attend(exchanges, history, Observed(self._depth.of(pictures), conversation.words()))
        for exchange in exchanges:
            await self._conversation.add(exchange)
        self._show_evidence()

    def moved(self, exchange: Exchange, *, grew: bool) -> None:
        """A question has come on: show it; one that failed or was stopped is put back, unless its conversation was left."""
        if self.keeping is not None:
            self.keeping.moved(exchange)
        self._conversation.changed(exchange)
        over = exchange.stage.over
        if exchange is self.latest and (over or grew):
            self._show_evidence()
        if exchange.stage in (Stage.FAILED, Stage.CANCELLED) and exchange is self.latest and not exchange.preset:
            self._question.offer(exchange.question)
        if exchange.answer is not None:
            self.post_message(self.Answered(exchange.answer))

    async def forget(self) -> None:
        """Begin the conversation about these pictures anew."""
        if not self._pictures:
            return
        if any(exchange.pictures == self._pictures for exchange in self._answering.running):
            self.stop()
        self._conversations.clear(self._pictures)
        if self.keeping is not None:
            self.keeping.ended(self._pictures)
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
        said = _("Second looks are on.") if self._answering.second_looks else _("Second looks are off.")
        self.notify(said, markup=False)
