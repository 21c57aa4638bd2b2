"""What outlives plain mode: answers in the journal, and the conversation as a session, which the app can go on with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from backend.answer import Answer
from backend.errors import SightlineError, UsageError
from backend.language import _
from backend.memory.journal import Journal, JournalUnavailable, default_path, is_wanted
from backend.memory.session_values import SessionSummary, StoredConversation
from backend.memory.session_writer import SessionWriter
from backend.memory.sessions import OpenSession, Sessions
from backend.places.remembering import remember
from tui.conversation import Conversation
from tui.exchange import Exchange
from tui.session_values import restored_conversation, stored

LISTED = 20
"""Sessions that are told at most."""


class Keeping:
    """Keeps what happens, where the user lets it; trouble is told and no more."""

    def __init__(self, opened: tuple[Path, ...], model: str, note: Callable[[SightlineError], None], *, session: bool) -> None:
        """`session`: whether what is asked is kept as one; a pipe's questions are not."""
        self.wanted = is_wanted()
        self._note = note
        self._sessions = Sessions(default_path())
        self._session: OpenSession | None = self._sessions.begin(opened, model) if session and self.wanted else None
        self._writer: SessionWriter | None = None
        self._stored: dict[tuple[Path, ...], StoredConversation] = {}

    def earlier_questions(self, most: int) -> list[str]:
        """The newest last."""
        if not self.wanted:
            return []
        try:
            return Journal(default_path()).recent_questions(most)[::-1]
        except JournalUnavailable as error:
            self._note(error)
            return []

    def answered(self, answer: Answer) -> None:
        """Keep an answer in the journal."""
        if self.wanted:
            try:
                remember(default_path(), answer)
            except JournalUnavailable as error:
                self._note(error)

    def put(self, exchange: Exchange) -> None:
        """How a question of the session stands now."""
        if self._session is None:
            return
        if self._writer is None:
            self._writer = SessionWriter(
                self._sessions.path, self._session.head, is_there=self._session.resumed, on_trouble=self._note
            )
        absolute = tuple(path.absolute() for path in exchange.pictures)
        fresh = StoredConversation(uuid4().hex[:12], absolute)
        self._writer.put(self._stored.setdefault(absolute, fresh), stored(exchange, datetime.now(UTC).replace(microsecond=0)))

    def ended(self, pictures: tuple[Path, ...]) -> None:
        """The conversation about these is over."""
        kept = self._stored.pop(tuple(path.absolute() for path in pictures), None)
        if kept is not None and self._writer is not None:
            self._writer.end_conversation(kept.key)

    def list(self) -> list[SessionSummary]:
        """Earlier sessions, the last used first. Raises JournalUnavailable."""
        return self._sessions.page(0, LISTED)

    def resume(self, name: str) -> Iterator[Conversation]:
        """What was said in a session, which is kept on from now. Raises NoSuchSession, SessionInUse and JournalUnavailable, and
        UsageError for the one that is open here."""
        if self._writer is not None and self._session is not None:
            self._writer.flush()
            if self._sessions.find(name).key == self._session.head.key:
                raise UsageError(_("this is the session that is open here"), cure=_("/sessions lists the others"))
        held = self._sessions.resume(name)
        taken = self._sessions.take_up(held)
        self.close()
        self._session, self._stored = held, {}
        self._writer = SessionWriter(self._sessions.path, held.head, is_there=True, on_trouble=self._note)
        self._writer.knows({one.id for conversation in taken.conversations for one in conversation.exchanges})
        for conversation in taken.conversations:
            if not conversation.ended:
                self._stored[conversation.pictures] = conversation
                yield restored_conversation(conversation)

    def close(self) -> None:
        """Write what is left, and give the session up."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        if self._session is not None and self._session.lock is not None:
            self._session.lock.release()
