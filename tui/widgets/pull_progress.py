"""How far a download has come, or why it ended."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import ProgressBar, Static

from backend.catalog import ModelCard
from backend.catalog.download import Step
from backend.catalog.fit import gigabytes
from backend.errors import SightlineError
from backend.language import N_, _
from backend.sanitise import lines, one_line
from tui.glyphs import Glyphs

_PHASES = {
    "downloading": "",
    "checking": N_("checking what is already here, "),
    "waiting": N_("another sightline is pulling this model, "),
    "reconnecting": N_("the connection was lost, trying again, "),
}


class PullProgress(Vertical):
    """Hidden until there is something to say."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="pull")
        self._glyphs = glyphs
        self._words = Static(id="pull-words", markup=False)
        self._bar = ProgressBar(total=100, show_eta=True, id="pull-bar")

    def compose(self) -> ComposeResult:
        yield self._words
        yield self._bar

    def on_mount(self) -> None:
        self.display = False

    def begin(self, card: ModelCard) -> None:
        self.display = True
        self._bar.display = True
        self._bar.update(total=None)
        self._words.update(Content.assemble((one_line(card.title), "bold"), (_("  asking the hub"), "$faint")))

    def advance(self, card: ModelCard, step: Step) -> None:
        self._bar.update(total=step.total, progress=step.done)
        done = _("{done} of {total}").format(done=gigabytes(step.done), total=gigabytes(step.total))
        said = f"  {_(_PHASES[step.phase])}{done}, {one_line(step.file)}"
        self._words.update(Content.assemble((one_line(card.title), "bold"), (said, "$faint")))

    def end(self, card: ModelCard, error: SightlineError | None) -> None:
        """Stopped or broken off; the list says the same again, so Enter goes on."""
        self._bar.display = False
        if error is None:
            said = Content.assemble(
                (one_line(card.title), "bold"), (_("  stopped; Enter goes on from where it was"), "$warning")
            )
        else:
            said = Content.styled(lines(error.message), "$error")
            if error.cure:
                said = Content.assemble(said, (f"\n{self._glyphs.arrow} {lines(error.cure)}", "$faint"))
        self._words.update(said)
