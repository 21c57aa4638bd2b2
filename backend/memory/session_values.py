"""What a session is made of: pictures, what was asked about them and what came of it, and where its user was.

Plain values, between the rows they are kept in and whoever shows them. Findings and answers are the published JSON, so
that what one version kept the next can read.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any


class Outcome(StrEnum):
    """What became of a question."""

    RUNNING = "running"
    """It is being answered, or was when its program was killed and nobody has looked since."""
    ANSWERED = "answered"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    """The program ended before the answer did."""


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What a picture's file was when a question was asked about it."""

    size: int
    """Bytes; -1 where there was no file to look at."""
    modified_ns: int
    """Nanoseconds since the epoch."""
    sha256: str = ""
    """Of its bytes; empty until an answer says it."""

    @classmethod
    def of(cls, path: Path, sha256: str = "") -> FileStamp:
        """Of the file as it is now."""
        try:
            state = path.stat()
        except OSError:
            return cls(-1, 0, sha256)
        return cls(state.st_size, state.st_mtime_ns, sha256)

    def is_same_file(self, now: FileStamp) -> bool:
        """Whether size and time say that nobody has written to it since."""
        return (self.size, self.modified_ns) == (now.size, now.modified_ns)


@dataclass(frozen=True, slots=True)
class StoredExchange:
    """One question and what has come of it."""

    id: str
    question: str
    asked: datetime
    outcome: Outcome
    parent: str | None = None
    """The exchange it follows; None for the first of a conversation."""
    files: tuple[FileStamp, ...] = ()
    """Of the conversation's pictures, in their order."""
    text: str = ""
    reasoning: str = ""
    findings: tuple[Mapping[str, Any], ...] = ()
    """Published JSON of what had been found before the answer was whole; empty from then on."""
    answer: Mapping[str, Any] | None = None
    """The published answer, once it is whole."""
    turn: tuple[str, str] = ("", "")
    """The prompt as sent and the answer as sampled (`Answer.turn`)."""
    error: tuple[str, str] | None = None
    """What went wrong, and what to do about it."""
    extras: Mapping[str, Any] = field(default_factory=dict)
    """What else the app knows of it, as JSON."""


@dataclass(frozen=True, slots=True)
class StoredConversation:
    """What was asked about some pictures, as a tree: an exchange names the one that it follows."""

    key: str
    pictures: tuple[Path, ...]
    """In the order in which the model was shown them; absolute."""
    exchanges: tuple[StoredExchange, ...] = ()
    """In the order in which they were asked."""
    chosen: Mapping[str, str] = field(default_factory=dict)
    """Which branches are shown, as the app wrote it: by an exchange's id (empty: of none) that of its continuation."""
    ended: bool = False
    """Its user began another one about the same pictures."""


@dataclass(frozen=True, slots=True)
class StoredStudy:
    """What was found out about some pictures beyond an answer: things followed through a film, a pair compared."""

    kind: str
    """Which tab shows it, as the app calls it. Of each kind there is one about the same pictures."""
    pictures: tuple[Path, ...]
    """Absolute."""
    made: datetime
    body: Mapping[str, Any]
    """The result, or what it takes to make it again, as the app wrote it."""
    files: tuple[FileStamp, ...]
    """Of the pictures, when it was made. Of a study that is to be kept only the hashes count."""

    @property
    def hashes(self) -> tuple[str, ...]:
        """Of the pictures' bytes; empty where nobody knows it."""
        return tuple(file.sha256 for file in self.files)


@dataclass(frozen=True, slots=True)
class SessionHead:
    """A session without its conversations."""

    key: str
    """Twelve hexadecimal digits, made when it begins."""
    opened: tuple[Path, ...]
    """The paths it was opened on, absolute; a folder alone where none was given."""
    model: str
    began: datetime
    used: datetime
    """When something was last written to it."""
    name: str = ""
    """Given by its user."""
    view: Mapping[str, Any] = field(default_factory=dict)
    """Where its user was, as the app wrote it: opaque here but for `picture` and `marked`, which are paths."""
    left: datetime | None = None
    """When its program was left in an orderly way; None while it runs, and where it was killed."""

    @classmethod
    def new(cls, opened: tuple[Path, ...], model: str = "") -> SessionHead:
        """One that begins now."""
        now = datetime.now(UTC)
        return cls(os.urandom(6).hex(), opened, model, now, now)


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session, whole."""

    head: SessionHead
    conversations: tuple[StoredConversation, ...] = ()
    studies: tuple[StoredStudy, ...] = ()

    @property
    def questions(self) -> int:
        return sum(len(one.exchanges) for one in self.conversations)


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One line of a list of sessions."""

    head: SessionHead
    questions: int
    last_question: str
    """Empty where nothing was asked."""
    studies: int = 0
