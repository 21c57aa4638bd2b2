"""The screen one works in: files, picture, conversation. It owns what is shown and passes it to the panes.

Handlers run on the event loop and are the only code that changes state; threads (listing, preview, saving) post messages
here, those that have to do with the model to the `Dialogue`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal

from backend.ask import Asker
from backend.errors import SightlineError
from backend.language import _
from backend.media.folder import is_film
from backend.memory.journal import Journal
from backend.sanitise import one_line
from backend.spatial.known_camera import GivenCamera
from tui.actions import Where, bindings
from tui.available import available
from tui.dropped import paths_in
from tui.glyphs import glyphs
from tui.keeping import Keeping
from tui.notices import complain
from tui.opening import Opening
from tui.order import Order
from tui.preview.capabilities import Capabilities
from tui.preview.gallery import Gallery
from tui.preview.views import View
from tui.screens.export import ExportActions
from tui.screens.studies import StudyScreen
from tui.session_keeping import SessionKeeping
from tui.studies.studying import Studying
from tui.system_viewer import SystemViewer
from tui.widgets.action_footer import ActionFooter
from tui.widgets.dialogue import Dialogue
from tui.widgets.file_list import FileList
from tui.widgets.files_pane import FilesPane
from tui.widgets.picture_pane import PicturePane
from tui.widgets.status_line import StatusLine
from tui.widgets.viewer import Viewer

if TYPE_CHECKING:
    from tui.landings import Landing


class MainScreen(ExportActions, StudyScreen):
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
        keeping: SessionKeeping | None = None,
    ) -> None:
        super().__init__(keeping)
        signs = glyphs(unicode=capabilities.unicode)
        self._opening = opening
        self._asker, self._camera = asker, camera
        self._gallery = gallery = Gallery()
        self._journal = journal
        self._studying = Studying(self)
        self._keeping = Keeping(self, gallery, journal)
        self._outside = SystemViewer(self)
        self._files = FilesPane(signs)
        self._viewer = Viewer(gallery, capabilities, signs)
        self._dialogue = Dialogue(asker, gallery, capabilities, camera)
        self._status = StatusLine(asker.model.card, signs)

    def compose(self) -> ComposeResult:
        with Horizontal(id="panes"):
            yield self._files
            yield self._viewer
            yield self._dialogue
        yield self._status
        yield ActionFooter()

    def on_mount(self) -> None:
        self._files.open(self._opening.folder, self._opening.picture)
        self._files.list.focus()
        self._dialogue.begin()
        self._keeping.recall()

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _share_width(self) -> None:
        """On a narrow terminal the file list gives its room away while one is not choosing files (see main.tcss)."""
        self.set_class(self._files.has_focus_within and self.has_class("-narrow"), "-browsing")

    def on_resize(self) -> None:
        self.call_next(self._share_width)  # when Textual has set the class of the new width

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
        self._viewer.reload()
        if message.error is not None:
            complain(self, message.error)
        if message.count == 0 and self._files.list.current is not None and self._files.list.current.is_folder:
            await self._show(None)

    def on_paste(self, event: events.Paste) -> None:
        """Paths that are pasted, or files that are dropped on the terminal: one is opened, several pictures are marked."""
        paths = paths_in(event.text)
        if not paths:
            return
        event.stop()
        pictures = tuple(path for path in paths if not path.is_dir() and not is_film(path))
        several = len(pictures) > 1
        first = pictures[0] if several else paths[0]
        if len(paths) > (len(pictures) if several else 1):
            said = _("Several pictures are asked about together; a folder or a film is opened alone.")
            self.notify(said, severity="warning", markup=False)
        if first.is_dir():
            self._files.open(first)
        else:
            self._files.list.order = Order(pictures if several else ())
            self._files.open(first.parent, first)
        if self.focused is None or self._files.has_focus_within:
            self._files.list.focus()

    @on(PicturePane.Displayed)
    def _displayed(self, message: PicturePane.Displayed) -> None:
        """The picture is there: tell its depth, and decode the one that is likely to be next."""
        self._dialogue.seen(message.path, message.depth)
        self._viewer.prepare(*self._files.list.coming)

    @on(FileList.Opened)
    @on(FileList.QuestionWanted)
    def _to_question(self) -> None:
        self._dialogue.to_question()

    async def _show(self, picture: Path | None) -> None:
        if self._viewer.show(picture):
            await self._about()

    @on(FileList.Marked)
    async def _marked(self, message: FileList.Marked) -> None:
        self._viewer.order = message.order
        await self._about()

    async def _about(self) -> None:
        """Questions are about the marked pictures, else about the one that is shown."""
        await self._dialogue.about(self._viewer.pictures)
        self._viewer.mark(self._dialogue.latest)
        marked = self._viewer.order.pictures
        if marked:
            names = ", ".join(f"{number} {one_line(path.name, 24)}" for number, path in enumerate(marked, 1))
            self._status.say(_("asking about {names}").format(names=names))

    @on(PicturePane.PartWanted)
    def _part_wanted(self, message: PicturePane.PartWanted) -> None:
        self._dialogue.about_part(message.part)

    @on(Viewer.Turned)
    def _turned(self) -> None:
        self._dialogue.tell(self._viewer.rows)
        self.refresh_bindings()

    # --- what the dialogue tells

    @on(Dialogue.Evidence)
    def _evidence(self, message: Dialogue.Evidence) -> None:
        if message.exchange is self._dialogue.latest:  # else of a picture that was left meanwhile
            self._viewer.see(message.exchange, message.lit)
            if message.moment is not None and not message.lit and self._viewer.is_film:
                self._viewer.jump(message.moment)

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
            studying=self._studying.running,
            picture=self._viewer.picture is not None,
            choosing=self._files.list.has_focus,
            film=self._viewer.is_film,
            several=bool(self._viewer.order.pictures),
            pair=self._viewer.pair is not None,
            tab=self._viewer.view is not View.PICTURE,
        )
        return super().check_action(action, parameters) if now else now

    def why_not(self, action: str) -> str:
        """Why that cannot be done now, for the palette."""
        from tui.why_not import why_not  # which few starts need

        return why_not(
            action,
            self._dialogue.exchanges,
            running=self._dialogue.running,
            studying=self._studying.running,
            picture=self._viewer.picture is not None,
            film=self._viewer.is_film,
            pair=self._viewer.pair is not None,
        )

    def action_stop(self) -> None:
        if self._dialogue.running:
            self._dialogue.stop()
        elif self._studying.running:
            self._studying.stop()
        else:
            self._files.list.focus()

    async def action_ask_preset(self, name: str) -> None:
        await self._dialogue.ask_preset(name)

    async def action_read_text(self) -> None:
        await self._dialogue.read_text()

    async def action_new_conversation(self) -> None:
        await self._dialogue.forget()

    def action_search_history(self) -> None:
        self._dialogue.search_history(self._journal)

    def action_show_thoughts(self) -> None:
        self._dialogue.switch_thoughts()

    def action_show_evidence(self) -> None:
        self._dialogue.switch_evidence()

    def action_switch_second_looks(self) -> None:
        self._dialogue.switch_second_looks()

    def action_go_to_part(self) -> None:
        from tui.landings import landings
        from tui.screens.jump import JumpScreen

        self.app.push_screen(JumpScreen(landings(self), self.size), self._jumped)

    def _jumped(self, landing: Landing | None) -> None:
        if landing is not None:
            landing.go()

    def action_open_outside(self) -> None:
        """What is shown, in the system's viewer; of a film the file."""
        if self._viewer.picture is not None:
            try:
                self._outside.open(self._viewer.picture)
            except SightlineError as error:
                complain(self, error)

    @on(SystemViewer.Failed)
    def _not_opened(self, message: SystemViewer.Failed) -> None:
        complain(self, message.error)

    # --- what outlives the app

    def action_save_overlay(self) -> None:
        """What is shown, in this tab, as a picture."""
        shown = self._viewer.as_image(self._dialogue.latest)
        if shown is not None:
            self._keeping.save(shown)
        else:
            self.notify(_("What this tab shows is not there yet."), markup=False)

    @on(Keeping.Recalled)
    def _recalled(self, message: Keeping.Recalled) -> None:
        self._dialogue.remember(message.questions)

    @on(Keeping.Saved)
    def _saved(self, message: Keeping.Saved) -> None:
        path = message.path
        said = _("Saved {name} in {folder}").format(name=one_line(path.name), folder=one_line(str(path.parent)))
        self.notify(said, markup=False)

    @on(Keeping.Failed)
    def _not_kept(self, message: Keeping.Failed) -> None:
        complain(self, message.error)
