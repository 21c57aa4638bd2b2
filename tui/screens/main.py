"""The screen one works in: files, picture, conversation. It owns what is shown and passes it to the panes.

Handlers run on the event loop and are the only code that changes state; threads (listing, preview, saving) post messages
here, those that have to do with the model to the `Dialogue`.
"""

from __future__ import annotations

from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Footer

from backend.ask import Asker
from backend.memory.journal import Journal
from backend.sanitise import one_line
from backend.spatial.known_camera import GivenCamera
from tui.actions import Where, bindings
from tui.available import available
from tui.glyphs import glyphs
from tui.keeping import Keeping
from tui.notices import complain
from tui.opening import Opening
from tui.preview.capabilities import Capabilities
from tui.preview.gallery import Gallery
from tui.widgets.dialogue import Dialogue
from tui.widgets.file_list import FileList
from tui.widgets.files_pane import FilesPane
from tui.widgets.picture_pane import PicturePane
from tui.widgets.status_line import StatusLine


class MainScreen(Screen[None]):
    """Files on the left, the picture in the middle, the conversation on the right."""

    BINDINGS = bindings(Where.PICTURE)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-medium"), (118, "-normal"), (170, "-wide")]  # noqa: RUF012 (Textual declares it so)

    def __init__(
        self,
        opening: Opening,
        asker: Asker,
        capabilities: Capabilities,
        journal: Journal | None,
        camera: GivenCamera | None = None,
    ) -> None:
        super().__init__()
        signs = glyphs(unicode=capabilities.unicode)
        self._opening = opening
        gallery = Gallery()
        self._keeping = Keeping(self, gallery, journal)
        self._picture: Path | None = None
        self._files = FilesPane(signs)
        self._pane = PicturePane(gallery, capabilities, signs)
        self._dialogue = Dialogue(asker, gallery, capabilities, camera)
        self._status = StatusLine(asker.model.card, signs)

    def compose(self) -> ComposeResult:
        with Horizontal(id="panes"):
            yield self._files
            yield self._pane
            yield self._dialogue
        yield self._status
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        self._files.open(self._opening.folder, self._opening.picture)
        self._files.list.focus()
        self._dialogue.begin()
        self._keeping.recall()

    def on_descendant_focus(self) -> None:
        """On a narrow terminal the file list gives its room away while one is not choosing files (see main.tcss)."""
        self.set_class(self._files.has_focus_within, "-browsing")

    # --- choosing a picture

    @on(FileList.Highlighted)
    async def _highlighted(self, message: FileList.Highlighted) -> None:
        """The cursor moved: a picture is shown at once, a folder leaves what is shown."""
        entry = message.entry
        if entry is None or entry.is_folder:
            self._dialogue.rest()
        else:
            self._dialogue.rest(entry.path, *self._files.list.neighbours)
            await self._show(entry.path)

    @on(FileList.Entered)
    async def _entered(self, message: FileList.Entered) -> None:
        self._pane.reload()
        if message.error is not None:
            complain(self, message.error)
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
        self._dialogue.to_question()

    async def _show(self, picture: Path | None) -> None:
        if picture == self._picture:
            return
        self._picture = picture
        self._pane.show(picture)
        await self._dialogue.about((picture,) if picture else ())

    # --- what the dialogue tells

    @on(Dialogue.Evidence)
    def _evidence(self, message: Dialogue.Evidence) -> None:
        exchange = message.exchange
        if exchange is not self._dialogue.latest:  # of a picture that was left meanwhile
            return
        findings = tuple(exchange.findings) if exchange else ()
        self._pane.mark(findings, message.lit, exchange.camera if exchange else None)

    @on(Dialogue.State)
    def _state(self, message: Dialogue.State) -> None:
        if message.aside:
            self._status.aside(message.said)
        else:
            self._status.say(message.said or "", busy=message.busy)

    @on(Dialogue.Asked)
    def _asked(self, message: Dialogue.Asked) -> None:
        self._files.list.mark(message.pictures)

    @on(Dialogue.Answered)
    def _answered(self, message: Dialogue.Answered) -> None:
        self._keeping.record(message.answer)

    # --- actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done now."""
        now = available(
            action,
            self._dialogue.exchanges,
            running=self._dialogue.running,
            picture=self._picture is not None,
            choosing=self._files.list.has_focus,
        )
        return super().check_action(action, parameters) if now else now

    def action_stop(self) -> None:
        if self._dialogue.running:
            self._dialogue.stop()
        else:
            self._files.list.focus()

    async def action_ask_preset(self, name: str) -> None:
        await self._dialogue.ask_preset(name)

    async def action_new_conversation(self) -> None:
        await self._dialogue.forget()

    def action_show_words(self) -> None:
        self._dialogue.switch_words()

    def action_show_thoughts(self) -> None:
        self._dialogue.switch_thoughts()

    def action_show_evidence(self) -> None:
        self._dialogue.switch_evidence()

    def action_switch_second_looks(self) -> None:
        self._dialogue.switch_second_looks()

    def action_switch_view(self) -> None:
        self._pane.switch_view()

    # --- what outlives the app

    def action_save_overlay(self) -> None:
        latest = self._dialogue.latest
        if latest is not None and latest.findings:
            picture = latest.pictures[0]
            self._keeping.save(picture, tuple(latest.findings), latest.camera, from_above=self._pane.from_above)

    @on(Keeping.Recalled)
    def _recalled(self, message: Keeping.Recalled) -> None:
        self._dialogue.remember(message.questions)

    @on(Keeping.Saved)
    def _saved(self, message: Keeping.Saved) -> None:
        path = message.path
        self.notify(f"Saved {one_line(path.name)} in {one_line(str(path.parent))}", markup=False)

    @on(Keeping.Failed)
    def _not_kept(self, message: Keeping.Failed) -> None:
        complain(self, message.error)
