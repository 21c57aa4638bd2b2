"""What is asked: new questions, those that a key asks, and earlier ones once more, changed, or gone on from.

Every question finds its place in the tree of the conversation before it goes to the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import uuid4

from textual import on
from textual.message import Message

from backend.ask import Asker
from backend.ask.task import Observed
from backend.errors import SightlineError
from backend.language import _
from backend.memory.journal import Journal
from backend.scene import Window
from backend.spatial.known_camera import GivenCamera
from tui import wording
from tui.conversation import Conversation, Conversations, Exchange, Stage
from tui.depth_shown import DepthShown
from tui.earlier import asked_before, turns_of
from tui.examples import examples
from tui.exchange import part_of
from tui.glyphs import glyphs
from tui.notices import complain
from tui.presets import preset
from tui.preview.capabilities import Capabilities
from tui.preview.gallery import Gallery
from tui.reading_text import QUESTION
from tui.session_keeping import SessionKeeping
from tui.widgets.attendant import Attendant
from tui.widgets.conversation_pane import ConversationPane
from tui.widgets.question_line import QuestionLine


def _id() -> str:
    return uuid4().hex[:12]


def _why_not(exchange: Exchange) -> str:
    """Why an answer cannot go on."""
    if not exchange.stage.over:
        return _("Esc stops the current answer first.")
    if exchange.ended == "context":
        return _("The model's context is full: nothing more fits into this conversation.")
    if exchange.stage is Stage.ANSWERED:
        return _("The model has said all it wanted to.")
    return _("There is no answer yet that could go on; r asks again.")


class Asking(Attendant):
    """Keeps the conversations, and decides what is asked in them."""

    @dataclass
    class Asked(Message):
        """Which pictures have a conversation has changed."""

        pictures: frozenset[Path]

    def __init__(self, asker: Asker, gallery: Gallery, capabilities: Capabilities, camera: GivenCamera | None) -> None:
        super().__init__("talk", asker, gallery, signs := glyphs(unicode=capabilities.unicode), camera)
        self._card = card = asker.model.card
        self._conversations = Conversations()
        self.keeping: SessionKeeping | None = None
        """Who hears of all that is asked and said, to keep it."""
        self._capabilities = capabilities
        self._depth = DepthShown()
        self._part: Window | None = None
        """What of the picture is asked about, where it is not all of it."""
        self._edited: Exchange | None = None
        """The turn whose question is being changed in the line."""
        self._typed: Exchange | None = None
        """The last one whose question was typed rather than asked by a key."""
        self._conversation = ConversationPane(
            wording.Manner(signs, (_(card.note),)), examples(card, unicode=capabilities.unicode)
        )
        self._question = QuestionLine()

    def say_again(self) -> None:
        super().say_again()
        card = self._card
        self._conversation.address(_(card.note), examples(card, unicode=self._capabilities.unicode))

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

    def show_evidence(self) -> None:
        """Another question is the last one, or has findings that it had not."""

    @on(QuestionLine.Asked)
    async def _asked(self, message: QuestionLine.Asked) -> None:
        message.stop()
        if not self._pictures:
            self.notify(_("Choose a picture first."), markup=False)
            return
        if self._busy():
            return
        edited = self._edited if self._edited in self.exchanges else None
        self._edited = None
        self._question.asked(message.text)
        exchange = self._new(message.text) if edited is None else edited.again(_id(), message.text)
        self._typed = exchange
        await self._ask(exchange, instead_of=edited)

    def _busy(self) -> bool:
        """Whether nothing can be asked now; says so."""
        if self.running:
            self.notify(_("Esc stops the current answer first."), markup=False)
        return self.running

    async def ask_preset(self, name: str) -> None:
        """Questions that one key asks together."""
        try:
            questions = preset(name).asked_of(self._card)
        except SightlineError as error:
            complain(self, error)
            return
        if self._pictures and not self.running:
            await self._ask(*(self._new(text, preset=True) for text in questions))

    async def read_text(self) -> None:
        """Have the text in the one picture read, which is nothing the model is asked."""
        if len(self._pictures) == 1 and not self.running:
            await self._ask(self._new(QUESTION, preset=True, reads=True))

    def _new(self, question: str, *, preset: bool = False, reads: bool = False) -> Exchange:
        looks = self._answering.second_looks
        part = "" if reads else part_of(self._part)
        return Exchange(_id(), question, self._pictures, second_looks=looks, part=part, preset=preset, reads=reads)

    def about_part(self, part: Window | None) -> None:
        """Questions are about this part of the one picture from now on, or about all of it (None)."""
        self._part = part
        self._question.about_part(part is not None)

    async def _ask(self, *exchanges: Exchange, instead_of: Exchange | None = None) -> None:
        """Put questions to the model together: at the end of what is shown, or on a branch in an earlier one's place."""
        conversation = self._conversations.about(self._pictures)
        history = conversation.history(instead_of, exchanges[0].part)
        conversation.add(*exchanges, instead_of=instead_of)
        if self.keeping is not None:
            self.keeping.asked(exchanges, conversation.chosen)
        self.post_message(self.Asked(self._conversations.pictures()))
        # Before anything is awaited: by then all may be over, and the engine restarted.
        seen = Observed(self._depth.of(self._pictures), conversation.words(), listed=False)
        self.attend(exchanges, history, seen)
        if instead_of is not None:
            await self._conversation.show(conversation)
        else:
            for exchange in exchanges:
                await self._conversation.add(exchange)
        self.show_evidence()

    # --- turns

    @on(ConversationPane.Wanted)
    async def _wanted(self, message: ConversationPane.Wanted) -> None:
        """Something is to be done with a turn: it is edited, asked again, gone on with, or gone on from."""
        message.stop()
        conversation, exchange = self._conversations.about(self._pictures), message.exchange
        match message.what:
            case "edit_question":
                self._edited = exchange
                self._question.edit(exchange.question)
            case "ask_again" if not self._busy():
                seed = 1 + max(one.seed for one in conversation.alternatives(exchange))
                if not exchange.reads and not self._left_to_chance(exchange.question):
                    self.notify(_("The likeliest words answer this: expect the same ones."), markup=False)
                await self._ask(exchange.again(_id(), seed=seed), instead_of=exchange)
            case "go_on" if not exchange.unfinished:
                self.notify(_why_not(exchange), markup=False)
            case "go_on" if not self._busy():
                await self._ask(exchange.again(_id(), begun=exchange.said), instead_of=exchange)
            case "branch":
                conversation.branch(exchange)
                await self._switched(exchange)
            case "alternative":
                await self._switched(conversation.switch(exchange, message.by))

    def _left_to_chance(self, question: str) -> bool:
        """Whether another seed may give another answer."""
        try:
            return self._asker.samples(question)
        except SightlineError:  # which the answer will say
            return True

    async def _switched(self, at: Exchange) -> None:
        """Another path is shown."""
        await self._conversation.show(self._conversations.about(self._pictures), at)
        self.show_evidence()

    def search_history(self, journal: Journal | None) -> None:
        """Look for an earlier question, which goes into the line."""
        from tui.screens.search import SearchScreen  # which few starts need

        now = self._question.earlier
        self.app.push_screen(SearchScreen(_("Earlier questions"), lambda: asked_before(journal, now)), self._history_found)

    def _history_found(self, question: str | None) -> None:
        if question is not None:
            self._question.put(question)
            self._question.focus()

    @on(ConversationPane.SearchWanted)
    def _search_turns(self) -> None:
        """Look for a turn, and go there, on whichever branch it is."""
        from tui.screens.search import SearchScreen

        conversation = self._conversations.about(self._pictures)
        search = SearchScreen(_("Turns of this conversation"), lambda: (turns_of(conversation), ""))
        self.app.push_screen(search, partial(self._turn_found, conversation))

    async def _turn_found(self, conversation: Conversation, chosen: str | None) -> None:
        exchange = next((one for one in conversation.asked if one.id == chosen), None)
        if exchange is not None:
            if exchange not in conversation.exchanges:
                conversation.show(exchange)
            await self._switched(exchange)

    @on(QuestionLine.EditLeft)
    def _edit_left(self, message: QuestionLine.EditLeft) -> None:
        message.stop()
        self._edited = None
