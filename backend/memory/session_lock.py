"""Who works in a session: one program at a time, known by a lock that the kernel takes back when the program dies.

flock(2) on a file for each session that is open. A heartbeat in the database would have to be written again and again, and
would leave a killed session closed to its user until it has run out.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class SessionLock:
    """A session that is ours until `release`, or until the process ends."""

    path: Path
    _descriptor: int = field(repr=False)

    def release(self) -> None:
        """Let others have it. The file goes, while it is still locked: nobody can be in between."""
        if self._descriptor >= 0:
            with suppress(OSError):
                self.path.unlink()
            os.close(self._descriptor)
            self._descriptor = -1


def lock(journal: Path, key: str) -> SessionLock | None:
    """Take a session for this program; None where another one has it, or where the file system knows no locks."""
    path = _path(journal, key)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _is(path, descriptor):
                    return SessionLock(path, descriptor)
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)  # whoever had it has taken the file away meanwhile: the next one is made anew
    except OSError:
        return None


def is_open(journal: Path, key: str) -> bool:
    """Whether a program works in it now."""
    path = _path(journal, key)
    if not path.exists():  # nobody makes the file to find out
        return False
    mine = lock(journal, key)
    if mine is None:
        return True
    mine.release()
    return False


def _path(journal: Path, key: str) -> Path:
    return journal.with_name(f"{journal.stem}-sessions") / f"{key}.lock"


def _is(path: Path, descriptor: int) -> bool:
    try:
        there, ours = path.stat(), os.fstat(descriptor)
    except FileNotFoundError:
        return False
    return (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)
