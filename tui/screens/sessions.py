"""All sessions: found by typing, opened, renamed, exported, deleted (and had back, for ten seconds)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from backend.errors import SightlineError
from backend.language import _, ngettext
from backend.memory.session_export import write_json
from backend.memory.sessions import UNDO, Sessions, title
from backend.sanitise import one_line
from tui.actions import Where, dialog_bindings
from tui.glyphs import Glyphs
from tui.notices import complain
from tui.widgets.action_footer import ActionFooter
from tui.widgets.session_list import SessionList


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which session to go to; without a key: to a new one."""

    key: str | None


class SessionsScreen(ModalScreen[Chosen | None]):
    """A list, and a line above it for the filter or for a name."""

    BINDINGS = dialog_bindings(Where.SESSIONS)

    @dataclass
    class Done(Message):
        """A thread has changed the list, or exported from it; `said`: a notice."""

        said: str = ""
        error: SightlineError | None = None

    def __init__(self, sessions: Sessions, here: str | None, glyphs: Glyphs) -> None:
        super().__init__()
        self._sessions = sessions
        self._here = here
        self._list = SessionList(sessions, here, glyphs)
        self._filter = Input(placeholder=_("words of a question, an answer, a name or a folder"), id="session-filter")
        self._naming = Input(placeholder=_("its name; empty: that of its folder"), id="session-name")
        self._said = Static(id="session-said", markup=False)
        self._dropped: str | None = None
        """The session that was deleted last, while it can be had back."""

    def compose(self) -> ComposeResult:
        with Vertical(id="sessions") as box:
            box.border_title = _("Sessions")
            yield self._filter
            yield self._naming
            yield self._said
            yield self._list
            yield ActionFooter()

    def on_mount(self) -> None:
        self._filter.display = self._naming.display = False
        self._list.focus()
        self._list.read()

    @on(SessionList.Read)
    def _read(self, message: SessionList.Read) -> None:
        message.stop()
        if message.error is not None:
            complain(self, message.error)
        found = ngettext("{count} session", "{count} sessions", message.count).format(count=f"{message.count:,}")
        if not message.count:
            nothing = _("No session holds these words.") if self._filter.value else _("Nothing was asked in any session yet.")
            self._said.update(Content.styled(nothing, "$faint"))
        else:
            self._said.update(Content.styled(found, "$faint"))

    @on(SessionList.Moved)
    def _moved(self, message: SessionList.Moved) -> None:
        message.stop()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what there is nothing for."""
        if action in ("open_session", "rename_session", "export_session", "delete_session") and self._list.current is None:
            return None
        if action == "undo_delete":
            return self._dropped is not None
        return super().check_action(action, parameters)

    # --- filtering and naming

    def action_filter(self) -> None:
        self._filter.display = True
        self._filter.focus()

    @on(Input.Changed, "#session-filter")
    def _filtered(self, message: Input.Changed) -> None:
        message.stop()
        self._list.read(message.value)

    @on(Input.Submitted, "#session-filter")
    def _filter_done(self, message: Input.Submitted) -> None:
        message.stop()
        self._filter.display = bool(message.value)
        self._list.focus()

    def action_rename_session(self) -> None:
        if (one := self._list.current) is not None:
            self._naming.value = one.head.name
            self._naming.display = True
            self._naming.focus()

    @on(Input.Submitted, "#session-name")
    def _named(self, message: Input.Submitted) -> None:
        message.stop()
        self._naming.display = False
        self._list.focus()
        if (one := self._list.current) is not None:
            self._in_thread(partial(self._sessions.rename, one.head.key, message.value))

    def action_back(self) -> None:
        """First out of a line that is typed in, then out of the screen."""
        for line in (self._naming, self._filter):
            if line.has_focus:
                line.value = ""
                line.display = False
                self._list.focus()
                return
        self.dismiss(None)

    # --- moving, also while the filter is typed

    def action_cursor_down(self) -> None:
        self._list.cursor += 1

    def action_cursor_up(self) -> None:
        self._list.cursor -= 1

    def action_first(self) -> None:
        self._list.cursor = 0

    def action_last(self) -> None:
        self._list.cursor = self._list.count - 1

    def action_page_down(self) -> None:
        self._list.cursor += self._list.fitting

    def action_page_up(self) -> None:
        self._list.cursor -= self._list.fitting

    # --- one session

    def action_open_session(self) -> None:
        one = self._list.current
        if one is not None:
            self.dismiss(None if one.head.key == self._here else Chosen(one.head.key))

    def on_click(self, event: events.Click) -> None:
        if event.chain == 2 and event.widget is self._list:
            self.action_open_session()

    def action_new_session(self) -> None:
        self.dismiss(Chosen(None))

    def action_delete_session(self) -> None:
        one = self._list.current
        if one is None:
            return
        if one.head.key == self._here:
            self.notify(_("This session is open. n begins another; then it can be deleted."), markup=False)
            return
        self._dropped = key = one.head.key
        said = _("Deleted {name}. u brings it back.").format(name=one_line(title(one.head), 40))
        self._in_thread(partial(self._sessions.drop, key), said)
        self.app.set_timer(UNDO.total_seconds(), partial(self._forget, key))

    def action_undo_delete(self) -> None:
        if self._dropped is not None:
            key, self._dropped = self._dropped, None
            self._in_thread(partial(self._sessions.restore, key))

    def _forget(self, key: str) -> None:
        """It was not wanted back. (The list may be closed by now.)"""
        if self._dropped == key:
            self._dropped = None
        self.app.run_worker(self._sessions.purge, thread=True, group="purge", description="purge", exit_on_error=False)

    def action_export_session(self) -> None:
        if (one := self._list.current) is not None:
            self._in_thread(partial(self._export, one.head.key))

    def _export(self, key: str) -> str:
        """In a thread."""
        path = write_json(self._sessions.load(key), Path.cwd())
        return _("Saved {name} in {folder}").format(name=one_line(path.name), folder=one_line(str(path.parent)))

    # --- threads

    def _in_thread(self, work: Callable[[], str | None], said: str = "") -> None:
        self.run_worker(partial(self._work, work, said), thread=True, group="session", description="session")

    def _work(self, work: Callable[[], str | None], said: str) -> None:
        """In a thread."""
        try:
            self.post_message(self.Done(work() or said))
        except SightlineError as error:
            self.post_message(self.Done(error=error))

    @on(Done)
    def _done(self, message: Done) -> None:
        if message.error is not None:
            self._dropped = None
            complain(self, message.error)
        elif message.said:
            self.notify(message.said, timeout=UNDO.total_seconds(), markup=False)
        self._list.read()
