"""The right side of the screen: conversation, findings, question line, and what each of them lights in the others.

What the rest of the screen has to know is posted on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from backend.answer import Answer
from backend.ask import Asker
from backend.language import _
from backend.scene import DepthMap, Finding
from backend.spatial.known_camera import GivenCamera
from tui.conversation import Conversation, Exchange, Stage
from tui.depth_shown import DepthShown
from tui.preview.capabilities import Capabilities
from tui.preview.gallery import Gallery
from tui.studies.study import Row
from tui.widgets.asking import Asking
from tui.widgets.conversation_pane import ConversationPane
from tui.widgets.findings_table import FindingsTable


class Dialogue(Asking):
    """What is asked about the pictures that are looked at, and what comes of it."""

    @dataclass
    class Evidence(Message):
        """These findings belong on the picture now (None: none), and those with the indices `lit` stand out."""

        exchange: Exchange | None
        lit: frozenset[int] = frozenset()
        moment: float | None = None
        """Of the film, seconds: what the words under the cursor name."""

    @dataclass
    class Answered(Message):
        """An answer is whole."""

        answer: Answer

    def __init__(self, asker: Asker, gallery: Gallery, capabilities: Capabilities, camera: GivenCamera | None = None) -> None:
        super().__init__(asker, gallery, capabilities, camera)
        self._findings = FindingsTable(self._signs)

    def compose(self) -> ComposeResult:
        yield self._conversation
        yield self._findings
        yield self._question

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
        self.show_evidence()

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
        self._question.end_edit()
        await self._conversation.show(self._conversations.about(pictures) if pictures else None)
        self.show_evidence()

    def seen(self, picture: Path, depth: DepthMap | None) -> None:
        """What a depth network sees of the picture that is shown (None: it is not shown): told beside the findings, and from
        now on the witness of what is said of near and far."""
        shown = DepthShown() if depth is None else DepthShown(picture, depth)
        if shown != self._depth:
            self._depth = shown
            self.show_evidence()

    def moved(self, exchange: Exchange, *, grew: bool) -> None:
        """A question has come on: show it; one that failed or was stopped is put back, unless its conversation was left."""
        if self.keeping is not None:
            self.keeping.moved(exchange)
        self._conversation.changed(exchange)
        over = exchange.stage.over
        if exchange is self.latest and (over or grew):
            self.show_evidence()
        if exchange.stage in (Stage.FAILED, Stage.CANCELLED) and exchange is self.latest and exchange is self._typed:
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
        self.show_evidence()

    # --- what is shown of it

    def show_evidence(self) -> None:
        """The last question's findings, in the picture and in the table."""
        latest = self.latest
        findings: list[Finding] = latest.findings if latest else []
        checks = latest.answer.checks if latest and latest.answer else ()
        depths, pictures = self._depth.told(self._pictures, findings), len(self._pictures)
        self._findings.show(findings, latest.claims if latest else (), checks, depths, pictures)
        self.post_message(self.Evidence(latest))
        self.screen.refresh_bindings()

    def tell(self, rows: Sequence[Row] | None) -> None:
        """Show these rows in the table in place of the findings; None brings those back."""
        self._findings.tell(rows)

    @on(FindingsTable.Lit)
    def _lit(self, message: FindingsTable.Lit) -> None:
        message.stop()
        self.post_message(self.Evidence(self.latest, message.findings))
        self._conversation.light(self.latest, message.claim)

    @on(ConversationPane.Stood)
    def _stood(self, message: ConversationPane.Stood) -> None:
        """The words under the cursor, or the mouse, light what they name: in the picture, and in the table."""
        message.stop()
        unit = message.unit if message.exchange is self.latest else None
        lit = unit.findings if unit is not None else frozenset()
        self.post_message(self.Evidence(self.latest, lit, unit.time if unit is not None else None))
        self._findings.point_at(lit, unit.claim if unit is not None else None)

    def switch_thoughts(self) -> None:
        self._conversation.switch_thoughts()

    def switch_evidence(self) -> None:
        self._conversation.switch_evidence()

    def switch_second_looks(self) -> None:
        self._answering.second_looks = not self._answering.second_looks
        said = _("Second looks are on.") if self._answering.second_looks else _("Second looks are off.")
        self.notify(said, markup=False)
