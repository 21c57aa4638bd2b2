"""The first screen: what can answer, while there is only the demo. It is left with a model."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from backend.catalog import Entry, InstalledModel, ModelStore, entries, load_catalog
from backend.language import _
from backend.sanitise import lines
from tui.actions import Where, bindings
from tui.glyphs import Glyphs
from tui.pulling import Pulling
from tui.screens.add_files import AddFiles
from tui.widgets.action_footer import ActionFooter
from tui.widgets.model_offers import ModelOffers
from tui.widgets.pull_progress import PullProgress


class FirstScreen(Screen[InstalledModel]):
    """Offers the demo, a download, or files that are already here."""

    BINDINGS = bindings(Where.FIRST)

    @dataclass
    class Listed(Message):
        """A thread has looked at the catalogue and at this machine's memory."""

        entries: list[Entry]

    def __init__(self, glyphs: Glyphs, passed_over: tuple[str, ...] = (), store: ModelStore | None = None) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._passed_over = passed_over
        self._store = store or ModelStore()
        self._pulling = Pulling(self, self._store)
        self._offers = ModelOffers(glyphs)
        self._progress = PullProgress(glyphs)
        self._insisted: str | None = None

    def compose(self) -> ComposeResult:
        with Vertical(id="first"):
            yield Static(self._title(), id="first-title", markup=False)
            yield Static(self._situation(), id="first-situation", markup=False)
            yield self._offers
            yield self._progress
        yield ActionFooter()

    def on_mount(self) -> None:
        self._offers.focus()
        self._look()

    def say_again(self) -> None:
        self.query_one("#first-title", Static).update(self._title())
        self.query_one("#first-situation", Static).update(self._situation())
        self._look()

    def _title(self) -> Content:
        return Content.assemble(
            ("sightline", "bold $accent"), (_("\nAsk a picture where things are, and see the evidence."), "$foreground")
        )

    def _situation(self) -> Content:
        if not self._passed_over:
            return Content.styled(_("No model for real photographs is installed yet."), "$faint")
        said = "\n".join(lines(reason) for reason in self._passed_over)
        return Content.assemble((_("Installed, but not usable here:\n"), "$warning"), (said, "$faint"))

    def _look(self) -> None:
        self.run_worker(self._list, thread=True, group="catalogue", description="catalogue")

    def _list(self) -> None:
        """In a thread: asking the GPU driver for its free memory can take seconds."""
        self.post_message(self.Listed(entries(load_catalog(), self._store)))

    @on(Listed)
    def _listed(self, message: Listed) -> None:
        self._offers.offer(message.entries)

    @on(ModelOffers.Taken)
    def _taken(self, message: ModelOffers.Taken) -> None:
        entry = message.entry
        if self._pulling.card is not None:
            self.notify(_("Esc stops the download first."), markup=False)
        elif entry is None:
            self.app.push_screen(AddFiles(self._store, self._glyphs), self._added)
        elif entry.installed is not None and (entry.fit is None or not entry.fit.ok):
            self.notify(lines(entry.problem or f"{entry.card.name} {entry.fit.sentence if entry.fit else ''}"), markup=False)
        elif entry.installed is not None:
            self.dismiss(entry.installed)
        elif entry.fit is not None and not entry.fit.ok and self._insisted != entry.card.name:
            self._insisted = entry.card.name
            said = _("{title} {sentence}. Enter again downloads it all the same.").format(
                title=entry.card.title, sentence=entry.fit.sentence
            )
            self.notify(said, severity="warning", timeout=8, markup=False)
        else:
            self._progress.begin(entry.card)
            self._pulling.start(entry.card)
            self.refresh_bindings()

    def _added(self, model: InstalledModel | None) -> None:
        if model is not None:
            self.dismiss(model)

    @on(Pulling.Advanced)
    def _advanced(self, message: Pulling.Advanced) -> None:
        self._progress.advance(message.card, message.step)

    @on(Pulling.Finished)
    def _finished(self, message: Pulling.Finished) -> None:
        self.dismiss(message.model)

    @on(Pulling.Ended)
    def _ended(self, message: Pulling.Ended) -> None:
        self._pulling.over()
        self._progress.end(message.card, message.error)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "stop_pull":
            return True if self._pulling.card is not None else None
        return super().check_action(action, parameters)

    def action_stop_pull(self) -> None:
        self._pulling.stop()

    def on_unmount(self) -> None:
        """A download ends with the screen; its part stays."""
        self._pulling.stop()
