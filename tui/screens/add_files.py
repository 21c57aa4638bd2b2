"""Two files that are already on this disk: checked from their headers, then known under a name. Nothing is copied."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from backend.catalog import InstalledModel, ModelStore, check_pair
from backend.errors import SightlineError
from backend.language import _
from backend.sanitise import lines
from tui.actions import Where, dialog_bindings
from tui.glyphs import Glyphs


class AddFiles(ModalScreen[InstalledModel | None]):
    """Enter goes from line to line and, on the last one, checks and accepts."""

    BINDINGS = dialog_bindings(Where.ADD_FILES)

    @dataclass
    class Checked(Message):
        """A thread has read both headers: everything that is wrong, or the model."""

        problems: tuple[SightlineError, ...]
        model: InstalledModel | None

    def __init__(self, store: ModelStore, glyphs: Glyphs) -> None:
        super().__init__()
        self._store = store
        self._glyphs = glyphs
        self._text = Input(placeholder=_("language model, a .gguf file"), id="add-text")
        self._mmproj = Input(placeholder=_("vision projector, mmproj-….gguf"), id="add-mmproj")
        self._called = Input(placeholder=_("a short name"), id="add-name")
        self._said = Static(id="add-said", markup=False)

    def compose(self) -> ComposeResult:
        with Vertical(id="add") as box:
            box.border_title = _("Files that are already here")
            box.border_subtitle = _("Enter checks and uses them, F1 helps, Esc goes back")
            yield Static(_("Language model"), classes="add-label")
            yield self._text
            yield Static(_("Vision projector"), classes="add-label")
            yield self._mmproj
            yield Static(_("Name"), classes="add-label")
            yield self._called
            yield self._said

    @on(Input.Changed, "#add-text")
    def _propose_name(self, message: Input.Changed) -> None:
        self._called.value = proposed_name(message.value)

    @on(Input.Submitted)
    def _entered(self, message: Input.Submitted) -> None:
        message.stop()
        self.action_accept()

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_accept(self) -> None:
        empty = next((line for line in (self._text, self._mmproj, self._called) if not line.value.strip()), None)
        if empty is not None:
            empty.focus()
            return
        self._said.update(Content.styled(_("reading both headers"), "$faint"))
        text, mmproj = (Path(line.value.strip()).expanduser() for line in (self._text, self._mmproj))
        work = partial(self._check, text, mmproj, self._called.value.strip())
        self.run_worker(work, thread=True, group="check", description="check")

    def _check(self, text: Path, mmproj: Path, name: str) -> None:
        """In a thread."""
        report = check_pair(text, mmproj)
        if not report.ok:
            self.post_message(self.Checked(report.problems, None))
            return
        try:
            self.post_message(self.Checked((), self._store.add(name, text, mmproj)))
        except SightlineError as error:
            self.post_message(self.Checked((error,), None))

    @on(Checked)
    def _checked(self, message: Checked) -> None:
        if message.model is not None:
            self.dismiss(message.model)
            return
        said = [
            Content.assemble(
                (f"{self._glyphs.no} {lines(problem.message)}", "$error"),
                (f"\n  {self._glyphs.arrow} {lines(problem.cure)}" if problem.cure else "", "$faint"),
            )
            for problem in message.problems
        ]
        self._said.update(Content("\n").join(said))


def proposed_name(text: str) -> str:
    """A catalogue name made from a file's: lower case, without its ending."""
    return re.sub(r"[^a-z0-9.]+", "-", Path(text.strip()).stem.lower()).strip("-.")[:40]
