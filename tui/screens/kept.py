"""A screen whose session is kept and resumed: what the main screen is built on.

It looks twice a second where the user is, and hands that on once it has rested, so that no widget needs to tell. What was
said in a session that is resumed is read in a thread, while the picture is shown already.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from textual import on

from backend.errors import SightlineError
from backend.language import _
from backend.memory.database import JournalDamaged
from backend.memory.sessions import title
from backend.sanitise import one_line
from tui.notices import complain
from tui.order import Order
from tui.screens.swift import SwiftScreen
from tui.session_keeping import REST, SessionKeeping
from tui.widgets.dialogue import Dialogue
from tui.widgets.file_list import FileList
from tui.widgets.question_line import QuestionLine
from tui.widgets.viewer import Viewer

_READ = 4
"""Seconds for which it is said what was resumed, over the line in which questions are typed."""


class KeptScreen(SwiftScreen):
    """Keeps its session while it is shown; without one it keeps nothing."""

    def __init__(self, keeping: SessionKeeping | None = None) -> None:
        super().__init__()
        self._session = keeping
        self._returned = keeping is None
        """Whether it is where its user was."""
        self._looking: Mapping[str, Any] | None = None
        """How the picture was looked at, until it is shown again with its evidence."""

    def on_mount(self) -> None:
        if self._session is None:
            return
        self.query_one(Dialogue).keeping = self._session
        self._session.begin(self)
        view = self._session.session.head.view
        self.query_one(Dialogue).draft = str(view.get("draft") or "")
        if view.get("asking"):
            self.call_after_refresh(self.query_one(QuestionLine).focus)
        if marked := view.get("marked"):
            self.query_one(FileList).order = Order(tuple(map(Path, marked)))
        self._choose_again(view.get("frames") or {})
        self.set_interval(REST, self._look)
        if self._session.session.resumed:
            self.run_worker(partial(self._load, self._session), thread=True, group="session", description="session")
        else:
            self._returned = True

    def _choose_again(self, chosen: Mapping[str, str]) -> None:
        """Which frames of films questions are about; what is not understood is passed over."""
        from tui.frames_wanted import frames_wanted

        for film, typed in chosen.items():
            with suppress(SightlineError):
                wanted = frames_wanted(typed)
                self.query_one(Viewer).want(Path(film), wanted)
                self.query_one(Dialogue).want_frames(Path(film), wanted)

    # --- where the user is

    def standpoint(self) -> dict[str, Any]:
        """Where the user is, as JSON: folder, picture, marked pictures, draft, and how the picture is looked at."""
        files, current = self.query_one(FileList), self.query_one(FileList).current
        return {
            "folder": None if files.folder is None else str(files.folder),
            "picture": None if current is None or current.is_folder else str(current.path),
            "marked": [str(path) for path in files.order.pictures],
            "draft": self.query_one(Dialogue).draft,
            "asking": self.query_one(QuestionLine).has_focus,
            "looking": self.query_one(Viewer).state,
            "frames": self.query_one(Viewer).frames_chosen,
        }

    @on(Dialogue.Asked)
    def _asked_here(self) -> None:
        """A question says where the user is, whether they rest or not."""
        self.look_last()

    def look_last(self) -> None:
        """Keep where the user is at once: the session may be left now."""
        if self._session is not None and self._returned and self.query_one(FileList).shown:
            self._session.leave(self.standpoint(), self.query_one(Dialogue).conversations)

    def leave(self) -> None:
        """Another session is gone to: what is being answered here is interrupted."""
        dialogue = self.query_one(Dialogue)
        dialogue.stop()
        dialogue.keeping = None

    def _look(self) -> None:
        if self._session is not None and self._returned and self.query_one(FileList).shown:
            self._session.look(self.standpoint(), self.query_one(Dialogue).conversations)

    # --- what was said

    def _load(self, session: SessionKeeping) -> None:
        """In a thread."""
        try:
            self.post_message(SessionKeeping.Loaded(session.load()))
        except SightlineError as error:
            self.post_message(SessionKeeping.Trouble(error))

    @on(SessionKeeping.Loaded)
    async def _loaded(self, message: SessionKeeping.Loaded) -> None:
        resumed = message.resumed
        for conversation in resumed.conversations:
            for exchange in conversation.asked:
                gone, other = exchange.id in resumed.missing, exchange.id in resumed.changed
                exchange.since = "missing" if gone else "changed" if other else ""
        for study in resumed.studies:
            self.query_one(Viewer).keep(study)
        await self.query_one(Dialogue).restore(resumed.conversations)
        self._returned = True
        if self._session is not None:
            self._looking = self._session.session.head.view
            if resumed.stale:
                names = ", ".join(one_line(path.name, 40) for path in resumed.stale)
                said = _("Not reopened, as the file has changed since: what was found out about {names}.").format(names=names)
                self.notify(said, severity="warning", markup=False)
            if resumed.conversations or resumed.studies:
                head = self._session.session.head
                said = _("Resumed {name}, of {when}.").format(
                    name=one_line(title(head), 40), when=f"{head.used.astimezone():%Y-%m-%d %H:%M}"
                )
                self.notify(f"{said} {_('sightline --new begins another session.')}", timeout=_READ, markup=False)

    @on(Dialogue.Evidence)
    def _shown_again(self, message: Dialogue.Evidence) -> None:
        if message.exchange is self.query_one(Dialogue).latest and self._is_back:  # else of what was shown before
            self._look_again()

    @on(Viewer.Turned)
    def _turned_again(self) -> None:
        """The picture may be there after its evidence; then only what can be looked at by now is."""
        viewer, looking = self.query_one(Viewer), (self._looking or {}).get("looking") or {}
        if self._is_back and looking.get("view") in {view.value for view in viewer.views}:
            self._look_again()

    @property
    def _is_back(self) -> bool:
        """Whether the picture, and the marked pictures, are those that were left."""
        viewer, was = self.query_one(Viewer), self._looking
        if was is None or viewer.picture is None or str(viewer.picture) != was.get("picture"):
            return False
        return [str(path) for path in viewer.order.pictures] == (was.get("marked") or [])

    def _look_again(self) -> None:
        """As it was looked at then."""
        was, self._looking = self._looking or {}, None
        self.query_one(Viewer).restore(was.get("looking") or {})

    @on(SessionKeeping.Trouble)
    def _trouble(self, message: SessionKeeping.Trouble) -> None:
        self._returned = True
        complain(self, message.error)
        if isinstance(message.error, JournalDamaged) and self._session is not None:
            self._session.keep_all(self.query_one(Dialogue).conversations)
