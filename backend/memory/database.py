"""The one SQLite file of a user's history: opened for one call, private to the user, put aside when it is damaged.

A connection lives for one call. That costs a fraction of a millisecond, needs no rule about threads, and heals itself
when the file is moved away under a running app. What was committed is on the disk: write-ahead logging with a sync at each
commit (SQLite's `synchronous = FULL`), so that a program that is killed, or a machine that loses power, loses nothing that
was reported kept.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from backend.errors import SightlineError
from backend.language import _
from backend.memory.migrations import Unfit, bring_up_to_date
from backend.sanitise import one_line, quoted

PATIENCE = 5.0
"""Seconds to wait for another process that is writing; its writes take milliseconds."""
_BESIDE = ("", "-wal", "-shm")
"""What SQLite adds to a database's name for the files that belong to it."""
_NOT_ONE = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


class JournalUnavailable(SightlineError):
    """The journal cannot be read or written. Answers are given all the same."""

    def __init__(self, path: Path, reason: str, *, cure: str) -> None:
        super().__init__(_("the journal {path} cannot be used: {reason}").format(path=quoted(path), reason=reason), cure=cure)


class JournalDamaged(JournalUnavailable):
    """The journal's file holds no sound database; it has been put aside, and the next call begins a new one."""


def default_path() -> Path:
    """Where this user's journal lies."""
    import platformdirs

    return platformdirs.user_data_path("sightline") / "journal.db"


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection in autocommit mode to a file with today's tables, which is made when it is not there.

    What goes wrong inside becomes JournalUnavailable, and nothing stays half written. A file that is no sound database is
    put aside whole, with a date in its name: JournalDamaged says where it is.
    """
    before = None
    try:
        before = _made(path)
        with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten, not only unlinked
            bring_up_to_date(connection)
            _make_private(path)
            yield connection
    except Unfit as error:
        raise JournalUnavailable(path, str(error), cure=_("update sightline, or move that file away")) from error
    except sqlite3.Error as error:
        reason = one_line(str(error), 120)
        if _code(error) in _NOT_ONE and (aside := _put_aside(path, before)) is not None:
            raise JournalDamaged(
                path,
                _("it is damaged ({reason}) and was put aside as {aside}").format(reason=reason, aside=quoted(aside)),
                cure=_("nothing to do: a new one is begun; what can be saved of the old one: sqlite3 {aside} .recover").format(
                    aside=quoted(aside)
                ),
            ) from error
        raise JournalUnavailable(path, reason, cure=_cure(error)) from error
    except OSError as error:
        raise JournalUnavailable(
            path, error.strerror or str(error), cure=_("check that its folder exists and that you may write to it")
        ) from error


def _made(path: Path) -> int:
    """Make the file where it is missing, readable by its user alone: it tells what they looked for. Returns its inode.

    SQLite gives the files beside it the same rights.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    return path.stat().st_ino


def _make_private(path: Path) -> None:
    """The same for a file that an earlier version made with the rights of the umask."""
    for end in _BESIDE:
        file = Path(f"{path}{end}")
        with suppress(OSError):  # not there, another user's, or on a file system without rights
            if file.stat().st_mode & 0o077:
                file.chmod(0o600)


def _put_aside(path: Path, inode: int | None) -> Path | None:
    """Rename a damaged file and those beside it; None where it is no longer the file that was opened, or cannot be renamed.

    Of several processes that find the damage at once one renames, and the others must not rename what it then began anew.
    """
    import filelock

    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    aside = path.with_name(f"{path.stem}-damaged-{stamp}{path.suffix}")
    try:
        with filelock.FileLock(path.with_name(f"{path.name}.lock"), timeout=PATIENCE, mode=0o600):
            if path.stat().st_ino != inode:
                return None
            for end in _BESIDE[::-1]:  # the database last: until then whoever comes finds a damaged one again
                with suppress(FileNotFoundError):
                    Path(f"{path}{end}").rename(f"{aside}{end}")
    except (OSError, filelock.Timeout):
        return None
    return aside


def _code(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _cure(error: sqlite3.Error) -> str:
    code = _code(error)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return _("another process is holding it; ask again when that has finished")
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return _("free some space on that disk")
    if code in _NOT_ONE:
        return _("move that file away; a new journal is begun")
    return _("check that you may read and write the file and its folder")
