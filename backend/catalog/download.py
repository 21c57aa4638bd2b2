"""Pulling a model: an iterator of steps that leaves, however it ends, whole verified files or a part to go on from.

Bytes go into `NAME.<hash>.partial` in the model's own folder; only a file whose SHA-256 is the hub's is given its name,
after fsync. The part carries the hash of what it will be, so a newer version of the file never continues an older
one's part. The iterator may be dropped at any step (Ctrl-C, Esc): the part stays, and the next pull resumes it. A part
also stays when the disk fills up; only one that turned out wrong is removed. This module brings huggingface_hub along
(0.2 s): import it where a pull begins.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from filelock import FileLock, Timeout

from backend.catalog.card import ModelCard
from backend.catalog.check import check_pair
from backend.catalog.fit import gigabytes
from backend.catalog.hub import ConnectionLost, RemoteFile, look_up
from backend.catalog.store import ModelStore
from backend.errors import ModelError
from backend.language import _
from backend.sanitise import quoted

if TYPE_CHECKING:
    from hashlib import _Hash as Digest

_READ = 4 << 20
_SETBACKS = 5
"""Attempts in a row that brought no new byte before giving up."""
_NAP_S = 0.25
_DISK_RESERVE = 64 << 20
"""Bytes that a download leaves free."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Step:
    """Where a pull stands."""

    file: str
    done: int
    total: int
    """Bytes."""
    phase: Literal["downloading", "checking", "waiting", "reconnecting"] = "downloading"
    """Checking: reading what is already there. Waiting: another process pulls the same model."""


def pull(card: ModelCard, store: ModelStore, *, endpoint: str | None = None) -> Generator[Step, None, None]:
    """Bring both files of `card` into `store`. The caller may stop (`close`) between any two steps."""
    if card.server is not None:
        raise ModelError(
            _("{name} is on a server: there is nothing to pull").format(name=card.name),
            cure=_("sightline models check {name}").format(name=card.name),
        )
    if card.repo is None:
        raise ModelError(
            _("{name} is not on the hub: there is nothing to pull").format(name=card.name),
            cure=_("sightline models check ") + card.name,
        )
    if Path(card.text).is_absolute() or Path(card.mmproj).is_absolute():
        raise ModelError(
            _("{name} uses files that were added by hand: {text}").format(name=card.name, text=quoted(card.text)),
            cure=_("to download it instead, remove its table from the file of added models (sightline models where)"),
        )
    folder = store.folder(card)
    yield from fetch(card.repo, (card.text, card.mmproj), folder, endpoint=endpoint)
    check_pair(folder / card.text, folder / card.mmproj, card).require()


def fetch(repo: str, names: Sequence[str], folder: Path, *, endpoint: str | None = None) -> Generator[Step, None, None]:
    """Bring files of a repository into a folder of their own, under their names without the repository's folders."""
    remote = [look_up(repo, name, endpoint) for name in names]
    lock = FileLock(folder / ".pull.lock", thread_local=False)
    try:
        with _disk_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            yield from _turn(lock, remote[0])
            _check_room(folder, remote)
        for file in remote:
            final = folder / Path(file.name).name
            with _disk_errors(final, file):
                yield from _file(file, final)
    finally:
        lock.release()


def _turn(lock: FileLock, first: RemoteFile) -> Iterator[Step]:
    """Wait until no other process pulls this model. Where a file system ignores locks, the hash still guards the name."""
    while True:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            yield Step(first.name, 0, first.size, "waiting")
            time.sleep(_NAP_S)
        else:
            return


def _check_room(folder: Path, remote: list[RemoteFile]) -> None:
    missing = sum(max(0, file.size - _there(folder, file)) for file in remote)
    free = shutil.disk_usage(folder).free
    if missing and missing + _DISK_RESERVE > free:
        raise ModelError(
            _("not enough room in {folder}: {missing} are still to be downloaded, {free} are free").format(
                folder=quoted(folder), missing=gigabytes(missing), free=gigabytes(free)
            ),
            cure=_("free some room, or point SIGHTLINE_MODELS at a folder on a larger disk"),
        )


def _there(folder: Path, file: RemoteFile) -> int:
    """Bytes of the file that need not be downloaded, as far as sizes tell."""
    final = folder / Path(file.name).name
    if final.exists() and final.stat().st_size == file.size:
        return file.size
    partial = _partial(final, file)
    return partial.stat().st_size if partial.exists() else 0


def _partial(final: Path, file: RemoteFile) -> Path:
    return final.with_name(f"{final.name}.{file.sha256[:12]}.partial")


def _file(remote: RemoteFile, final: Path) -> Iterator[Step]:
    """One file, unless a whole and right one is there already."""
    if final.exists() and final.stat().st_size == remote.size:
        with final.open("rb", buffering=0) as file:
            digest = yield from _hashed(remote, file)
        if digest.hexdigest() == remote.sha256:
            return
    partial = _partial(final, remote)
    with partial.open("a+b", buffering=0) as file:
        file.seek(0)
        digest = yield from _hashed(remote, file)
        yield from _append(remote, file, digest)
        os.fsync(file.fileno())
    if digest.hexdigest() != remote.sha256:
        partial.unlink()
        raise ModelError(
            _("{name} arrived damaged: its SHA-256 is not the one that the hub announced; it was thrown away").format(
                name=remote.name
            ),
            cure=_("pull again; if it happens again, something between here and the hub changes files"),
        )
    partial.replace(final)
    _settle(final.parent)


def _hashed(remote: RemoteFile, file: RawIOBase) -> Generator[Step, None, Digest]:
    """The digest of what `file` holds already."""
    digest = hashlib.sha256()
    done = 0
    while piece := file.read(_READ):
        digest.update(piece)
        done += len(piece)
        yield Step(remote.name, done, remote.size, "checking")
    return digest


def _append(remote: RemoteFile, file: RawIOBase, digest: Digest) -> Iterator[Step]:
    """Write what is missing, going on after every lost connection until several in a row brought nothing."""
    done = file.tell()
    setbacks = 0
    while done < remote.size:
        before = done
        lost = _("the connection ended early")
        try:
            for chunk in remote.read_from(done):
                wanted = chunk[: remote.size - done]
                _write(file, wanted)
                digest.update(wanted)
                done += len(wanted)
                yield Step(remote.name, done, remote.size)
        except ConnectionLost as error:
            lost = str(error)
        if done >= remote.size:
            return
        setbacks = 1 if done > before else setbacks + 1
        if setbacks > _SETBACKS:
            raise ModelError(
                _("the connection was lost at {done} of {size} of {name}: {lost}").format(
                    done=gigabytes(done), size=gigabytes(remote.size), name=remote.name, lost=lost
                ),
                cure=_("run the same command again: it goes on from there"),
            )
        for __ in range(2 ** (setbacks - 1)):
            yield Step(remote.name, done, remote.size, "reconnecting")
            time.sleep(_NAP_S)


def _write(file: RawIOBase, chunk: bytes) -> None:
    """All of it: an unbuffered write may take a part."""
    rest = memoryview(chunk)
    while rest:
        rest = rest[file.write(rest) or 0 :]


def _settle(folder: Path) -> None:
    """Make a rename survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _disk_errors(path: Path, remote: RemoteFile | None = None) -> Iterator[None]:
    """What the disk refuses, as an error for people; `remote` is the file that was being written to `path`."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL and remote:
            missing = remote.size - _there(path.parent, remote)
            raise ModelError(
                _(
                    "the disk is full: {path} could not be finished ({reason}); {missing} of {size} are "
                    "missing, and what has arrived was kept beside it"
                ).format(path=quoted(path), reason=error.strerror, missing=gigabytes(missing), size=gigabytes(remote.size)),
                cure=_("free some room and pull again: it goes on from there"),
            ) from error
        raise ModelError(
            _("{path} cannot be written: {reason}").format(path=quoted(path), reason=error.strerror),
            cure=_("check the folder's permissions, or point SIGHTLINE_MODELS at another one"),
        ) from error
