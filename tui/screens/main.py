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
from backend.media.folder import is_film
from backend.memory.journal import Journal
from backend.sanitise import one_line
from backend.scene.moments import CLOSE
from backend.spatial.known_camera import GivenCamera
from tui.actions import Where, bindings
from tui.available import available
from tui.conversation import Exchange
from tui.glyphs import glyphs
from tui.keeping import Keeping
from tui.notices import complain
from tui.opening import Opening
from tui.order import Order
from tui.preview.capabilities import Capabilities
from tui.preview.film_frames import frame_path
from tui.preview.gallery import Gallery
from tui.preview.views import View
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
        self._gallery = gallery = Gallery()
        self._keeping = Keeping(self, gallery, journal)
        self._picture: Path | None = None
        self._order = Order()
        """Of the pictures that are asked about together."""
        self._time = 0.0
        """Of the frame that is shown, where that is a film; seconds."""
        self._files = FilesPane(signs)
        self._pane = PicturePane(gallery, capabilities, signs)
        self._dialogue = Dialogue(asker, gallery, capabilities, camera)
        self._seen: Exchange | None = None
        """The last answer about a film to whose frame was gone."""
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
    def _displayed(self, message: PicturePane.Displayed) -> None:
        """The picture is there: tell its depth, and decode the one that is likely to be next."""
        self._dialogue.seen(message.path, message.depth)
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
        self._picture, self._time = picture, 0.0
        self._pane.show(picture)
        await self._about()

    @on(FileList.Marked)
    async def _marked(self, message: FileList.Marked) -> None:
        self._order = message.order
        await self._about()
        self._mark()

    async def _about(self) -> None:
        """Questions are about the marked pictures, else about the one that is shown."""
        shown = (self._picture,) if self._picture else ()
        await self._dialogue.about(self._order.pictures or shown)
        if self._order.pictures:
            names = ", ".join(f"{number} {one_line(path.name, 24)}" for number, path in enumerate(self._order.pictures, 1))
            self._status.say(f"asking about {names}")
            self._mark()

    # --- what the dialogue tells

    @on(Dialogue.Evidence)
    def _evidence(self, message: Dialogue.Evidence) -> None:
        exchange = message.exchange
        if exchange is not self._dialogue.latest:  # of a picture that was left meanwhile
            return
        if self._is_film and exchange is not None:
            looked_at = min(message.lit, default=0)
            time = exchange.time_of(looked_at) if message.lit or exchange is not self._seen else None
            if time is not None:
                self._seen = exchange
                self._show_frame(time)
        if exchange is not None and message.lit and len(exchange.pictures) > 1:
            picture = exchange.pictures[exchange.findings[min(message.lit)].picture]
            if picture != self._picture:  # the finding is in another of the pictures: show that one
                self._picture = picture
                self._pane.show(picture)
        self._mark(message.lit)

    def _mark(self, lit: frozenset[int] = frozenset()) -> None:
        """Draw the last answer's findings: those of the frame that is shown, where it is about a film."""
        exchange = self._dialogue.latest
        findings = tuple(exchange.findings) if exchange else ()
        shown = exchange.picture_at(self._time) if exchange is not None and self._is_film else None
        if exchange is not None and self._several(exchange):
            shown = self._place_of(exchange)
        self._pane.mark(findings, lit, exchange.camera_of(shown) if exchange else None, shown)

    @staticmethod
    def _several(exchange: Exchange) -> bool:
        return len(exchange.pictures) > 1

    def _place_of(self, exchange: Exchange) -> int:
        """Which of the exchange's pictures is shown; -1 for none."""
        return next((at for at, path in enumerate(exchange.pictures) if path == self._picture), -1)

    # --- films

    @property
    def _is_film(self) -> bool:
        return self._picture is not None and is_film(self._picture)

    def _show_frame(self, time: float) -> None:
        """Show the film's frame at that time, seconds."""
        if self._picture is not None and self._is_film:
            end = self._gallery.end_of(self._picture)
            self._time = max(0.0, time if end is None else min(time, end))
            self._pane.show(frame_path(self._picture, self._time))

    def action_jump(self, time: float) -> None:
        """To a moment that was clicked."""
        self._show_frame(time)
        self._mark()

    def action_film_step(self, seconds: int) -> None:
        self.action_jump(self._time + seconds)

    def action_next_moment(self) -> None:
        """To the first moment behind the one that is shown, and from the last one to the first."""
        latest = self._dialogue.latest
        times = sorted({moment.start for moment in latest.answer.moments}) if latest and latest.answer else []
        if times:
            self.action_jump(next((time for time in times if time > self._time + CLOSE), times[0]))

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
            film=self._is_film,
        )
        return super().check_action(action, parameters) if now else now

    def action_stop(self) -> None:
        if self._dialogue.running:
            self._dialogue.stop()
        else:
            self._files.list.focus()

    async def action_ask_preset(self, name: str) -> None:
        await self._dialogue.ask_preset(name)

    async def action_read_text(self) -> None:
        await self._dialogue.read_text()

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

    def action_switch_depth(self) -> None:
        self._pane.look(View.PICTURE if self._pane.view is View.DEPTH else View.DEPTH)

    def action_switch_view(self) -> None:
        self._pane.look(View.PICTURE if self._pane.view is View.ABOVE else View.ABOVE)

    # --- what outlives the app

    def action_save_overlay(self) -> None:
        latest = self._dialogue.latest
        if latest is not None and latest.findings:
            picture, findings, here = latest.pictures[0], tuple(latest.findings), 0
            if self._several(latest):
                here = max(0, self._place_of(latest))
                picture, findings = latest.pictures[here], tuple(one for one in findings if one.picture == here)
            if self._is_film:
                here = latest.picture_at(self._time)
                picture, findings = frame_path(picture, self._time), tuple(one for one in findings if one.picture == here)
            self._keeping.save(picture, findings, latest.camera_of(here), from_above=self._pane.view is View.ABOVE)

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
