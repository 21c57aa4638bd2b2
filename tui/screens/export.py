"""Exporting what was answered: which of it, as what, and where to. Enter writes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.suggester import Suggester
from textual.widgets import Input, Select, Static

from backend.answer import Answer
from backend.errors import SightlineError, UsageError
from backend.export.formats import BY_NAME, FORMATS, Makes
from backend.language import N_, _, ngettext
from backend.sanitise import lines, one_line
from tui.actions import Where, dialog_bindings
from tui.clipboard import AnswerWanted, copy_answer
from tui.exchange import Exchange
from tui.notices import complain
from tui.widgets.dialogue import Dialogue
from tui.widgets.pick_list import PickOne

SCOPES = {"answer": N_("this answer"), "conversation": N_("this conversation"), "session": N_("everything in this session")}


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen."""

    form: str = "html"
    """A name of `backend.export.formats`."""
    scope: str = "answer"
    """A key of SCOPES."""
    target: str = ""


class Paths(Suggester):
    """Completes the last part of a path from what is in its folder."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        folder, slash, begun = value.rpartition("/")
        try:
            names = sorted(os.listdir(Path(f"{folder}{slash}" or ".").expanduser()))  # noqa: PTH208 (names alone are wanted)
        except (OSError, ValueError, RuntimeError):
            return None
        found = next((name for name in names if begun and name.startswith(begun) and name != begun), None)
        return None if found is None or not found.isprintable() else f"{folder}{slash}{found}"


class ExportDialog(ModalScreen[Choice | None]):
    """Gives what was chosen, or None."""

    BINDINGS = dialog_bindings(Where.EXPORT)

    def __init__(self, choice: Choice, counts: dict[str, int], stem: str) -> None:
        """`counts`: the answers of each scope. `stem`: the path that is proposed, without a suffix."""
        super().__init__()
        self._choice, self._counts, self._stem = choice, counts, stem
        self._proposed = ""

    def compose(self) -> ComposeResult:
        said = {
            scope: ngettext("{scope} ({count} answer)", "{scope} ({count} answers)", count).format(
                scope=_(SCOPES[scope]), count=count
            )
            for scope, count in self._counts.items()
            if count
        }
        scope = self._choice.scope if self._choice.scope in said else next(iter(said))
        with Vertical(id="export") as box:
            box.border_title = _("Export")
            box.border_subtitle = _("Enter on the path writes, F1 helps, Esc goes back")
            yield PickOne([(_(one.title), one.name) for one in FORMATS], self._choice.form, "export-as")
            yield PickOne([(words, name) for name, words in said.items()], scope, "export-what")
            yield Input(suggester=Paths(), select_on_focus=False, id="export-to")
            yield Static(_("→ completes a path; nothing that is there is replaced"), id="export-said", markup=False)

    def on_mount(self) -> None:
        self._propose()
        self.query_one(Input).focus()

    @on(Select.Changed, "#export-as")
    def _propose(self) -> None:
        """A path for the format, unless its user has written one of their own."""
        line = self.query_one(Input)
        if line.value == self._proposed:
            form = BY_NAME[str(self.query_one("#export-as", Select).value)]
            suffix = form.suffix if form.makes is not Makes.EITHER or form.name == "bundle" else ""
            number, target = 2, f"{self._stem}{suffix}"
            while os.path.lexists(target):
                number, target = number + 1, f"{self._stem}-{number}{suffix}"
            line.value = self._proposed = from_home(target)

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        message.stop()

    @on(Input.Submitted)
    def _entered(self, message: Input.Submitted) -> None:
        message.stop()
        self.action_write()

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_write(self) -> None:
        target = self.query_one(Input).value.strip()
        try:
            self._check(target)
        except SightlineError as error:
            words = Content.assemble(
                (lines(error.message), "$error"), (f"\n{lines(error.cure)}" if error.cure else "", "$faint")
            )
            self.query_one("#export-said", Static).update(words)
        else:
            form, scope = (str(self.query_one(f"#export-{part}", Select).value) for part in ("as", "what"))
            self.dismiss(Choice(form, scope, target))

    def _check(self, target: str) -> None:
        if not target:
            raise UsageError(_("no path was given"), cure=_("write where it is to go"))
        path = Path(target).expanduser()
        if os.path.lexists(path) and not (path.is_dir() and not any(path.iterdir())):
            raise UsageError(_("{path} is there already").format(path=one_line(target)), cure=_("give another name"))
        if not path.parent.is_dir():
            raise UsageError(
                _("{path} lies in a folder that does not exist").format(path=one_line(target)),
                cure=_("give a folder that exists"),
            )


def from_home(path: str) -> str:
    """As it is written in a shell: `~/…` where it lies below the user's home."""
    try:
        return str(Path("~") / Path(path).relative_to(Path.home()))
    except (ValueError, RuntimeError):  # elsewhere, or nobody's home is known
        return path


class ExportActions(Screen[None]):
    """What a screen with a dialogue needs to export from it."""

    @dataclass
    class Exported(Message):
        """It is written."""

        path: Path
        notes: tuple[str, ...]

    @dataclass
    class NotExported(Message):
        """It is not."""

        error: SightlineError

    last_export = Choice()
    """Remembered for this run."""

    def action_export(self) -> None:
        scopes = self._exported_scopes()
        counts = {name: sum(one.answer is not None for one in asked) for name, asked in scopes.items()}
        if not any(counts.values()):
            self.notify(_("Nothing was answered yet that could be exported."), markup=False)
            return
        pictures = next(one.pictures for asked in scopes.values() for one in asked if one.answer is not None)
        folder = pictures[0].parent if os.access(pictures[0].parent, os.W_OK) else Path.cwd()
        dialog = ExportDialog(self.last_export, counts, str(folder / f"{pictures[0].stem}-sightline"))
        self.app.push_screen(dialog, partial(self._export, scopes))

    def _exported_scopes(self) -> dict[str, Sequence[Exchange]]:
        dialogue = self.query_one(Dialogue)
        latest = dialogue.latest
        everything = [one for conversation in dialogue.conversations for one in conversation.asked]
        return {"answer": [latest] if latest else [], "conversation": dialogue.exchanges, "session": everything}

    def _export(self, scopes: dict[str, Sequence[Exchange]], choice: Choice | None) -> None:
        if choice is None:
            return
        type(self).last_export = replace(choice, target="")
        asked = [one for one in scopes[choice.scope] if one.answer is not None]
        answers = tuple(one.answer for one in asked if one.answer is not None)
        pictures = tuple(dict.fromkeys(path for one in asked for path in one.pictures))
        work = partial(self._write_export, choice, answers, pictures)
        self.run_worker(work, thread=True, group="export", description="export")

    def _write_export(self, choice: Choice, answers: tuple[Answer, ...], pictures: tuple[Path, ...]) -> None:
        """In a thread."""
        from backend.export.exporting import export
        from backend.export.originals import Originals

        originals = Originals(dict.fromkeys(path.parent for path in pictures))
        try:
            written = export(choice.form, answers, Path(choice.target).expanduser(), originals)
        except SightlineError as error:
            self.post_message(self.NotExported(error))
        else:
            self.post_message(self.Exported(written.path, written.notes))

    @on(AnswerWanted)
    def _copy_wanted(self, message: AnswerWanted) -> None:
        message.stop()
        exchange = message.exchange or self.query_one(Dialogue).latest
        copy_answer(self, exchange.answer if exchange is not None else None)

    @on(Exported)
    def _exported(self, message: Exported) -> None:
        said = _("Saved {name} in {folder}").format(
            name=one_line(message.path.name), folder=one_line(str(message.path.absolute().parent))
        )
        self.notify("\n".join((said, *map(one_line, message.notes))), markup=False)

    @on(NotExported)
    def _not_exported(self, message: NotExported) -> None:
        complain(self, message.error)
