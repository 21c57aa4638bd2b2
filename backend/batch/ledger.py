"""The file of a batch: one JSON object a line, one line an item, and the only record of what is done.

Lines are appended whole, in small groups, each synchronised with the disk. A run that is killed can leave one line torn, at the
end; it is cut off when the file is opened again. The file is locked while a run writes to it.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import stat
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from backend.batch.kept import Kept
from backend.batch.work import Outcome, Parameters
from backend.errors import SightlineError, UsageError
from backend.language import _
from backend.sanitise import quoted

BEGINNING = b'{"key": "'
"""Of every line."""
GROUP, GROUP_S = 32, 0.5
"""So many lines, or so many seconds of them, are written at once: what a kill costs at most."""
_CHUNK = 1 << 20


class Unwritable(SightlineError):
    """The disk is full or gone; what was written until then is whole. Exit code 5."""


class Ledger:
    """One file of a batch, open and locked. Use it in a `with` block; belongs to one thread."""

    def __init__(self, path: Path) -> None:
        """Open or make it. Raises UsageError where that cannot be, another run writes to it, or it is no such file."""
        self.path = path
        self._pending: list[bytes] = []
        self._due = 0.0
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NONBLOCK, 0o644)
        except (OSError, ValueError) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
            raise UsageError(
                _("{path} cannot be written: {reason}").format(path=quoted(path), reason=reason),
                cure=_("give --out a file in a folder that you may write to"),
            ) from error
        try:
            self._lock()
            self.kept = Kept()
            self._read()
        except BaseException:
            os.close(self._file)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if not isinstance(error, Unwritable):
                self.commit()
        finally:
            os.close(self._file)  # and with it the lock goes

    def require(self, parameters: Parameters, questions: Sequence[str]) -> None:
        """Raises UsageError where the file holds answers to something else than these questions, asked so."""
        if (other := self.kept.difference(parameters, questions)) is not None:
            raise UsageError(
                _("{path} belongs to another batch: {other}").format(path=quoted(self.path), other=other),
                cure=_("give another --out, or --append-anyway to have both in one file"),
            )

    def append(self, outcome: Outcome, parameters: Parameters) -> None:
        """Take on a line; it is on the disk after the next `commit`. Raises Unwritable."""
        if not self._pending:
            self._due = time.monotonic() + GROUP_S
        self._pending.append(line_of(outcome, parameters))
        if len(self._pending) >= GROUP:
            self.commit()

    def commit_due(self) -> None:
        """Write what has waited long enough. Raises Unwritable."""
        if self._pending and time.monotonic() >= self._due:
            self.commit()

    def commit(self) -> None:
        """Have everything on the disk. Raises Unwritable, and leaves nothing of what could not be written."""
        if not self._pending:
            return
        group, self._pending = b"".join(self._pending), []
        before = os.fstat(self._file).st_size
        try:
            rest = memoryview(group)
            while rest:
                rest = rest[os.write(self._file, rest) :]
            os.fsync(self._file)
        except OSError as error:
            with contextlib.suppress(OSError):  # a disk that is gone; the next run cuts what is torn
                os.ftruncate(self._file, before)
            raise Unwritable(
                _("{path} could not be written: {reason}").format(path=quoted(self.path), reason=error.strerror or str(error)),
                cure=_("make room, then give the same command again: it goes on where this file ends"),
            ) from error

    def _lock(self) -> None:
        if not stat.S_ISREG(os.fstat(self._file).st_mode):
            raise UsageError(
                _("{path} is no regular file").format(path=quoted(self.path)),
                cure=_("give --out a file: what is done is read from it when a batch goes on"),
            )
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UsageError(
                _("another batch is writing to {path}").format(path=quoted(self.path)),
                cure=_("wait for it, or give another --out"),
            ) from error
        except OSError:
            pass  # a file system that knows no locks

    def _read(self) -> None:
        """Learn what is done; cut off what a kill has left of a line."""
        whole = 0
        for number, line in enumerate(self._lines(), 1):
            if not line.endswith(b"\n"):
                if not line.startswith(BEGINNING[: len(line)]):
                    raise self._foreign(number)
                os.ftruncate(self._file, whole)
                return
            try:
                self.kept.note(json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                raise self._foreign(number) from error
            whole += len(line)

    def _foreign(self, number: int) -> UsageError:
        return UsageError(
            _("line {number} of {path} is no line of a batch").format(number=number, path=quoted(self.path)),
            cure=_("give another --out, or take that line away"),
        )

    def _lines(self) -> Iterator[bytes]:
        """With their ends; the last may have none."""
        rest, at = b"", 0
        while chunk := os.pread(self._file, _CHUNK, at):
            at += len(chunk)
            *whole, rest = (rest + chunk).split(b"\n")
            yield from (line + b"\n" for line in whole)
        if rest:
            yield rest


def line_of(outcome: Outcome, parameters: Parameters) -> bytes:
    """The outcome as a line: key, source and parameters, then the published answer, or the question and the error."""
    told: dict[str, Any] = {
        "key": outcome.item.key,
        "source": {
            "path": str(outcome.source.path),
            "bytes": outcome.stamp.bytes,
            "modified": outcome.stamp.modified,
        },
        "parameters": parameters.told,
    }
    if isinstance(outcome.end, SightlineError):
        error = outcome.end
        told["question"] = outcome.item.question
        told["error"] = {
            "kind": type(error).__name__,
            "message": error.message,
            "cure": error.cure,
            "exit_code": error.exit_code,
        }
    else:
        told |= outcome.end.as_dict()
    # A file name that is no Unicode holds lone surrogates; as a backslash escape they are valid JSON.
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
