"""Keeps the session that is open: what is asked, what is said, and where the user is, each handed to a thread that writes.

A question goes at once, and so does its end; of a stream at least every quarter of a second or every 32 tokens, whichever
comes first. Where the user is goes when it has rested. All methods belong to the event loop and return at once, but `close`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from textual.message import Message
from textual.message_pump import MessagePump

from backend.errors import SightlineError
from backend.memory.database import JournalUnavailable
from backend.memory.session_values import FileStamp, StoredConversation, StoredSession, StoredStudy
from backend.memory.session_writer import SessionWriter, StudyKey
from backend.memory.sessions import OpenSession, Sessions
from tui.conversation import Conversation, Conversations
from tui.exchange import Exchange
from tui.session_values import restored_conversation, stored
from tui.studies.study import Finished

EVERY = 0.25
"""Seconds between two states of a streaming answer that are kept, at most."""
TOKENS = 32
"""The same in tokens."""
_SHOWN_AFTER = 0.1
"""Seconds for which an answer waits to be on the disk before it is shown as over, at most; it takes some 2 ms."""
REST = 0.5
"""Seconds after which it is looked whether the user's place has rested."""


@dataclass(slots=True)
class _Kept:
    """What is known here of one exchange."""

    conversation: StoredConversation
    asked: datetime
    tokens: int = 0
    """How many were kept."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """What was said in a session that is resumed."""

    conversations: tuple[Conversation, ...]
    changed: frozenset[str] = frozenset()
    """Exchanges whose pictures are not any more what they were when the question was asked."""
    missing: frozenset[str] = frozenset()
    """Exchanges one of whose pictures is gone."""
    studies: tuple[Finished, ...] = ()
    stale: tuple[Path, ...] = ()
    """Pictures whose studies are not reopened: they are not any more what was studied."""


class SessionKeeping:
    """Keeps one session for a screen, which hears of trouble."""

    @dataclass
    class Trouble(Message):
        """Something could not be kept. The app goes on without, and it is tried again."""

        error: SightlineError

    @dataclass
    class Loaded(Message):
        """A thread has read what was said in the session."""

        resumed: Resumed

    def __init__(self, sessions: Sessions, session: OpenSession) -> None:
        self.sessions = sessions
        self.session = session
        self._writer: SessionWriter | None = None
        self._owner: MessagePump | None = None
        self._keys: dict[tuple[Path, ...], str] = {}
        """Of the conversations that go on."""
        self._kept: dict[str, _Kept] = {}
        self._chosen: dict[str, Mapping[str, str]] = {}
        self._studies: dict[StudyKey, Callable[[], StoredStudy]] = {}
        self._due: dict[str, Exchange] = {}
        self._waiting = False
        self._view: Mapping[str, Any] = session.head.view
        self._seen: Mapping[str, Any] = session.head.view

    def begin(self, owner: MessagePump) -> None:
        """Keep for this owner from now on."""
        self._owner = owner
        self._writer = SessionWriter(
            self.sessions.path, self.session.head, is_there=self.session.resumed, on_trouble=self._told_of_trouble
        )

    # --- what happens

    def asked(self, exchanges: Sequence[Exchange], chosen: Mapping[str, str]) -> None:
        """Questions were asked, together and about the same pictures; `chosen`: of their conversation."""
        for exchange in exchanges:
            key = self._keys.setdefault(exchange.pictures, uuid4().hex[:12])
            conversation = StoredConversation(key, tuple(path.absolute() for path in exchange.pictures))
            self._kept[exchange.id] = _Kept(conversation, datetime.now(UTC))
            self._put(exchange)
            self._choose(key, chosen)

    def moved(self, exchange: Exchange) -> None:
        """Something has happened to a question."""
        kept = self._kept.get(exchange.id)
        if kept is None:
            return
        if exchange.stage.over or exchange.tokens + exchange.thoughts - kept.tokens >= TOKENS:
            self._put(exchange)
            if exchange.stage.over and self._writer is not None:
                self._writer.flush(_SHOWN_AFTER)  # what is seen to be over has been kept, should it be killed now
        elif exchange.tokens + exchange.thoughts != kept.tokens:
            self._due[exchange.id] = exchange
            if not self._waiting and self._owner is not None:
                self._waiting = True
                self._owner.set_timer(EVERY, self._put_due)

    def ended(self, pictures: tuple[Path, ...]) -> None:
        """The conversation about these is over; what is asked next begins another."""
        key = self._keys.pop(pictures, None)
        if key is not None and self._writer is not None:
            self._writer.end_conversation(key)

    def found_out(self, made: Finished) -> None:
        """A study was made, wholly or as far as it came."""
        from tui.studies.kept import stored as stored_study

        key, make = (made.view.value, made.pictures), partial(stored_study, made, datetime.now(UTC))
        self._studies[key] = make
        if self._writer is not None:
            self._writer.put_study(key, make)

    def look(self, view: Mapping[str, Any], conversations: Conversations) -> None:
        """Where the user is now, and which branches are shown. Called again and again; what has rested is kept."""
        rests, self._seen = view == self._seen, view
        if rests:
            self._keep_view(view)
        self._keep_branches(conversations)

    def leave(self, view: Mapping[str, Any], conversations: Conversations) -> None:
        """As `look`, and at once: they may leave now. What has come of the questions that are being answered goes as well."""
        self._put_due()
        self._keep_view(view)
        self._keep_branches(conversations)

    def close(self) -> None:
        """Write what is left, and give the session up. In a thread: it takes a moment."""
        if self._writer is not None:
            self._writer.close()
        if self.session.lock is not None:
            self.session.lock.release()

    # --- what was there

    def load(self) -> Resumed:
        """In a thread: all conversations of the session that go on, its studies, and what became of their pictures. Raises
        JournalUnavailable and NoSuchSession."""
        taken = self.sessions.take_up(self.session)
        self._know(taken)
        stamps = {path: FileStamp.of(path) for one in taken.conversations for path in one.pictures}
        hashes: dict[Path, str] = {}
        changed, missing = set(), set()
        going_on = tuple(one for one in taken.conversations if not one.ended)
        for conversation in going_on:
            for exchange in conversation.exchanges:
                for path, file in zip(conversation.pictures, exchange.files, strict=False):
                    if stamps[path].size < 0:
                        missing.add(exchange.id)
                    elif not file.is_same_file(stamps[path]) and _differs(path, file, hashes):
                        changed.add(exchange.id)
        studies, stale = self._studied(taken.studies, hashes)
        return Resumed(tuple(map(restored_conversation, going_on)), frozenset(changed), frozenset(missing), studies, stale)

    def _studied(self, kept: Sequence[StoredStudy], hashes: dict[Path, str]) -> tuple[tuple[Finished, ...], tuple[Path, ...]]:
        """Those of pictures that are what they were, and which are not. One that is not understood is left alone."""
        from tui.studies.kept import restored as restored_study

        studies, stale = [], []
        for one in kept:
            others = []
            for path, file in zip(one.pictures, one.files, strict=True):
                now = FileStamp.of(path)
                if now.size >= 0 and not file.is_same_file(now) and _differs(path, file, hashes):
                    others.append(path)
            stale += others
            if not others:
                with suppress(ValueError):
                    studies.append(restored_study(one))
                    self._studies[one.kind, one.pictures] = partial(_same, one)
        return tuple(studies), tuple(dict.fromkeys(stale))

    def _know(self, taken: StoredSession) -> None:
        """Before anything is asked in it."""
        for conversation in taken.conversations:
            if not conversation.ended:
                self._keys[conversation.pictures] = conversation.key
                self._chosen[conversation.key] = conversation.chosen
            for exchange in conversation.exchanges:
                self._kept[exchange.id] = _Kept(conversation, exchange.asked)
        if self._writer is not None:
            self._writer.knows(set(self._kept))

    def keep_all(self, conversations: Conversations) -> None:
        """Put everything once more: its file was damaged, and a new one is begun."""
        if self._writer is None:
            return
        asked = [exchange for conversation in conversations for exchange in conversation.asked if exchange.id in self._kept]
        kept = [(self._kept[exchange.id], exchange) for exchange in asked]
        self._writer.put_again([(known.conversation, stored(exchange, known.asked)) for known, exchange in kept])
        self._writer.put_view(self._view)
        for key, chosen in self._chosen.items():
            self._writer.put_chosen(key, chosen)
        for study, make in self._studies.items():
            self._writer.put_study(study, make)

    # --- the writer

    def _put(self, exchange: Exchange) -> None:
        self._due.pop(exchange.id, None)
        kept = self._kept[exchange.id]
        kept.tokens = exchange.tokens + exchange.thoughts
        if self._writer is not None:
            self._writer.put(kept.conversation, stored(exchange, kept.asked))

    def _put_due(self) -> None:
        self._waiting = False
        for exchange in list(self._due.values()):
            self._put(exchange)

    def _keep_branches(self, conversations: Conversations) -> None:
        for conversation in conversations:
            if (key := self._keys.get(conversation.pictures)) is not None:
                self._choose(key, conversation.chosen)

    def _choose(self, key: str, chosen: Mapping[str, str]) -> None:
        if self._chosen.get(key) != chosen and self._writer is not None:
            self._chosen[key] = dict(chosen)
            self._writer.put_chosen(key, chosen)

    def _keep_view(self, view: Mapping[str, Any]) -> None:
        if view != self._view and self._writer is not None:
            self._view = view
            self._writer.put_view(view)

    def _told_of_trouble(self, error: JournalUnavailable) -> None:
        """In the writer's thread."""
        if self._owner is not None:
            self._owner.post_message(self.Trouble(error))


def _same(study: StoredStudy) -> StoredStudy:
    return study


def _differs(path: Path, file: FileStamp, hashes: dict[Path, str]) -> bool:
    """Whether a file that was written to since has other bytes as well; where nobody knows its hash it has."""
    if not file.sha256:
        return True
    if path not in hashes:
        try:
            with path.open("rb") as stream:
                hashes[path] = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError:
            hashes[path] = ""
    return hashes[path] != file.sha256
