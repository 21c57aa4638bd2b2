"""The screen one works in: files, picture, conversation. It owns what is shown and passes it to the panes.

Handlers run on the event loop and are the only code that changes state; threads (listing, preview, answering, saving)
post messages here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Footer

from backend.ask import Asker
from backend.errors import EngineFailure, SightlineError
from backend.events import Done
from backend.memory.journal import Journal
from backend.sanitise import one_line
from backend.scene import Finding
from tui import wording
from tui.actions import Where, bindings
from tui.ahead import LookingAhead
from tui.answering import Answering
from tui.available import available
from tui.conversation import Conversations, Exchange, Stage
from tui.examples import examples
from tui.glyphs import glyphs
from tui.keeping import Keeping
from tui.opening import Opening
from tui.presets import preset
from tui.preview.capabilities import Capabilities
from tui.preview.gallery import Gallery
from tui.widgets.conversation_pane import ConversationPane
from tui.widgets.file_list import FileList
from tui.widgets.files_pane import FilesPane
from tui.widgets.findings_table import FindingsTable
from tui.widgets.picture_pane import PicturePane
from tui.widgets.question_line import QuestionLine
from tui.widgets.status_line import StatusLine


class MainScreen(Screen[None]):
    """Files on the left, the picture in the middle, the conversation on the right."""

    BINDINGS = bindings(Where.PICTURE)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-medium"), (118, "-normal"), (170, "-wide")]  # noqa: RUF012 (Textual declares it so)

    def __init__(self, opening: Opening, asker: Asker, capabilities: Capabilities, journal: Journal | None) -> None:
        super().__init__()
        self._opening = opening
        self._gallery = Gallery()
        self._conversations = Conversations()
        self._answering = Answering(self, asker, self._gallery)
        self._ahead = LookingAhead(self, asker, self._gallery)
        self._keeping = Keeping(self, self._gallery, journal)
        self._picture: Path | None = None
        self._asked_together: list[Exchange] = []
        self._card = card = asker.model.card
        self._signs = signs = glyphs(unicode=capabilities.unicode)
        self._files = FilesPane(signs)
        self._pane = PicturePane(self._gallery, capabilities, signs)
        self._conversation = ConversationPane(wording.Manner(signs, card.note), examples(card, unicode=capabilities.unicode))
        self._findings = FindingsTable(signs)
        self._question = QuestionLine()
        self._status = StatusLine(card, signs)

    def compose(self) -> ComposeResult:
        with Horizontal(id="panes"):
            yield self._files
            yield self._pane
            with Vertical(id="talk"):
                yield self._conversation
                yield self._findings
                yield self._question
        yield self._status
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        self._files.open(self._opening.folder, self._opening.picture)
        self._files.list.focus()
        self._findings.show([], [])
        self._status.say("loading the model", busy=True)
        self._answering.warm()
        self._keeping.recall()

    @on(Keeping.Recalled)
    def _recalled(self, message: Keeping.Recalled) -> None:
        self._question.remember(message.questions)

    @on(Answering.Warming)
    def _warming(self, message: Answering.Warming) -> None:
        if not self._answering.running:
            self._status.say(f"loading the model {message.fraction:.0%}", busy=True)

    @on(Answering.Warmed)
    def _warmed(self, message: Answering.Warmed) -> None:
        if self._answering.running:
            return
        if message.error is None:
            self._status.say("ready")
            self._ahead.release()
        else:
            self._status.say("the model could not be loaded")
            self._notify_error(message.error)

    def on_descendant_focus(self) -> None:
        """On a narrow terminal the file list gives its room away while one is not choosing files (see main.tcss)."""
        self.set_class(self._files.has_focus_within, "-browsing")

    # --- choosing a picture

    @on(FileList.Highlighted)
    async def _highlighted(self, message: FileList.Highlighted) -> None:
        """The cursor moved: a picture is shown at once, a folder leaves what is shown."""
        entry = message.entry
        if entry is None or entry.is_folder:
            self._ahead.rest()
        else:
            self._ahead.rest(entry.path, *self._files.list.neighbours)
            await self._show(entry.path)

    @on(FileList.Entered)
    async def _entered(self, message: FileList.Entered) -> None:
        self._pane.reload()
        if message.error is not None:
            self._notify_error(message.error)
        if message.count == 0 and self._files.list.current is not None and self._files.list.current.is_folder:
            await self._show(None)

    @on(PicturePane.Displayed)
    def _displayed(self) -> None:
        """The picture is there: decode the one that is likely to be next."""
        ahead = self._files.list.ahead
        if ahead is not None:
            self._pane.prepare(ahead)

    @on(FileList.Opened)
    @on(FileList.QuestionWanted)
    def _to_question(self) -> None:
        self._question.focus()

    async def _show(self, picture: Path | None) -> None:
        if picture == self._picture:
            return
        self._picture = picture
        self._pane.show(picture)
        await self._conversation.show(self._conversations.about(picture) if picture else None)
        self._show_evidence()

    @property
    def _exchanges(self) -> Sequence[Exchange]:
        """What was asked about the picture that is shown."""
        return self._conversations.about(self._picture).exchanges if self._picture else ()

    def _latest(self) -> Exchange | None:
        return self._conversations.about(self._picture).latest() if self._picture else None

    def _show_evidence(self) -> None:
        """The last question's findings, in the picture and in the table."""
        latest = self._latest()
        findings: list[Finding] = latest.findings if latest else []
        self._pane.mark(tuple(findings), camera=latest.camera if latest else None)
        self.refresh_bindings()
        checks = latest.answer.checks if latest and latest.answer else ()
        self._findings.show(findings, latest.claims if latest else (), checks)

    @on(FindingsTable.Lit)
    def _lit(self, message: FindingsTable.Lit) -> None:
        latest = self._latest()
        self._pane.mark(tuple(latest.findings) if latest else (), message.findings, latest.camera if latest else None)
        self._conversation.light(latest, message.claim)

    # --- asking

    @on(QuestionLine.Asked)
    async def _asked(self, message: QuestionLine.Asked) -> None:
        if self._picture is None:
            self.notify("Choose a picture first.", markup=False)
            return
        if self._answering.running:
            self.notify("Esc stops the current answer first.", markup=False)
            return
        self._question.asked(message.text)
        await self._ask(self._picture, message.text)

    async def action_ask_preset(self, name: str) -> None:
        if self._picture is not None and not self._answering.running:
            await self._ask(self._picture, *preset(name).asked_of(self._card), from_preset=True)

    async def _ask(self, picture: Path, *questions: str, from_preset: bool = False) -> None:
        """Put questions to the model together; each becomes an exchange of its own."""
        conversation = self._conversations.about(picture)
        history = conversation.history()
        exchanges = [Exchange(uuid4().hex[:12], question, picture, preset=from_preset) for question in questions]
        conversation.exchanges += exchanges
        self._files.list.mark(self._conversations.pictures())
        self._ahead.hold(picture)
        self._answering.start(exchanges, history)
        self._asked_together = exchanges
        self._say_progress()  # before anything is awaited: by then all may be over, and the engine restarted
        for exchange in exchanges:
            await self._conversation.add(exchange)
        self._show_evidence()
        self.refresh_bindings()

    @on(Answering.Progressed)
    def _progressed(self, message: Answering.Progressed) -> None:
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
        if exchange is self._latest() and (over or before != (len(exchange.findings), len(exchange.claims))):
            self._show_evidence()
        if over or bool(thought_before) != bool(exchange.thoughts):
            self.refresh_bindings()
        if over:
            self._after(exchange)
        if isinstance(message.event, Done):
            self._keeping.record(message.event.answer)

    def _after(self, exchange: Exchange) -> None:
        """A question is over: one that failed or was stopped is put back, unless its conversation was left meanwhile.

        After the last of those that ran the model is free; where the engine has failed, it is started anew at once rather
        than with the next question.
        """
        unanswered = exchange.stage in (Stage.FAILED, Stage.CANCELLED)
        if unanswered and exchange is self._latest() and not exchange.preset:
            self._question.offer(exchange.question)
        if self._answering.running:
            return
        if any(isinstance(one.error, EngineFailure) for one in self._asked_together):
            self._status.say("the last answer failed; the engine restarts", busy=True)
            self._answering.warm()
        else:
            self._ahead.release()

    def _say_progress(self) -> None:
        """How far the questions are that were asked last."""
        state = wording.overall(self._asked_together)
        busy = bool(self._answering.running)
        picture = self._asked_together[0].picture
        if busy and picture != self._picture:
            state = f"{state} ({one_line(picture.name, 24)})"
        self._status.say(state, busy=busy)

    # --- looking ahead

    @on(LookingAhead.Progressed)
    def _looked(self, message: LookingAhead.Progressed) -> None:
        if not message.look.given_up and not self._answering.running:
            self._status.aside(wording.looking_ahead(message.look.path.name, message.done, message.total, self._signs))

    @on(LookingAhead.Ended)
    def _look_ended(self, message: LookingAhead.Ended) -> None:
        if not self._answering.running:
            self._status.aside(None)
        self._ahead.ended(message.look)

    # --- actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done now."""
        now = available(
            action,
            self._exchanges,
            running=bool(self._answering.running),
            picture=self._picture is not None,
            choosing=self._files.list.has_focus,
        )
        return super().check_action(action, parameters) if now else now

    def action_stop(self) -> None:
        if self._answering.running:
            self._answering.stop()
        else:
            self._files.list.focus()

    async def action_new_conversation(self) -> None:
        if self._picture is None:
            return
        if any(exchange.picture == self._picture for exchange in self._answering.running):
            self._answering.stop()
        self._conversations.clear(self._picture)
        self._files.list.mark(self._conversations.pictures())
        await self._conversation.show(self._conversations.about(self._picture))
        self._show_evidence()
        self.refresh_bindings()

    def action_show_words(self) -> None:
        self._conversation.switch_words()

    def action_show_thoughts(self) -> None:
        self._conversation.switch_thoughts()

    def action_show_evidence(self) -> None:
        self._conversation.switch_evidence()

    def action_switch_second_looks(self) -> None:
        self._answering.second_looks = not self._answering.second_looks
        self.notify(f"Second looks are {'on' if self._answering.second_looks else 'off'}.", markup=False)

    def action_switch_view(self) -> None:
        self._pane.switch_view()

    def action_save_overlay(self) -> None:
        latest = self._latest()
        if latest is not None and latest.findings:
            self._keeping.save(latest.picture, tuple(latest.findings), latest.camera, from_above=self._pane.from_above)

    @on(Keeping.Saved)
    def _saved(self, message: Keeping.Saved) -> None:
        path = message.path
        self.notify(f"Saved {one_line(path.name)} in {one_line(str(path.parent))}", markup=False)

    @on(Keeping.Failed)
    def _not_kept(self, message: Keeping.Failed) -> None:
        self._notify_error(message.error)

    def _notify_error(self, error: SightlineError) -> None:
        words = f"{error.message}\n{error.cure}" if error.cure else error.message
        self.notify(words, severity="error", timeout=10, markup=False)
