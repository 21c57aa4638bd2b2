"""Where sessions and shared engines meet: a folder that is the user's alone, with one socket in it for each model.

A socket's name holds a digest of everything that two sessions must want alike to share a worker, so whoever finds it there
has found the right one. The version is not part of it: there is one worker a model, and versions settle it with each other.
"""

from __future__ import annotations

import hashlib
import os
import re
import socket
import stat
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from backend.engine.api import ModelSpec
from backend.errors import EngineFailure
from backend.language import _
from backend.sanitise import quoted

if TYPE_CHECKING:
    import filelock

_PATH_LIMIT = 107
"""Bytes in the path of a Unix socket, as the kernel has it."""
_NAME_LIMIT = 24 + len("-0123456789.sock")
_DOOR_PATIENCE_S = 30.0
_CREDENTIALS = struct.Struct("3i")


def folder() -> Path:
    """The meeting place, made where it is missing. Raises EngineFailure where it is not ours alone."""
    try:
        with warnings.catch_warnings():  # that XDG_RUNTIME_DIR is not set is nothing to bother anyone with
            warnings.simplefilter("ignore")
            usual = Path(platformdirs.user_runtime_dir("sightline", appauthor=False))
    except PermissionError as error:
        raise EngineFailure(
            _("there is no safe place for the engine's socket: {error}").format(error=error), cure=_CURE
        ) from error
    short = len(os.fsencode(usual)) + 1 + _NAME_LIMIT <= _PATH_LIMIT
    return made_private(usual if short else Path(f"/tmp/sightline-{os.geteuid()}"))


_CURE = "remove it, or set XDG_RUNTIME_DIR to a folder of your own; SIGHTLINE_ENGINE=private does without sharing"


def made_private(path: Path) -> Path:
    """The folder, made where it is missing; refused where another user could look into it or exchange it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)
    found, above = path.lstat(), path.parent.stat()
    if not stat.S_ISDIR(found.st_mode):
        raise EngineFailure(
            _("{path} is not a folder but a link, and could lead anywhere").format(path=quoted(path)), cure=_CURE
        )
    if found.st_uid != os.geteuid() or above.st_uid not in (0, os.geteuid()):
        raise EngineFailure(
            _("{path}, where the engine's socket belongs, is somebody else's").format(path=quoted(path)), cure=_CURE
        )
    if stat.S_IMODE(found.st_mode) != 0o700:
        path.chmod(0o700)
    return path


def socket_of(spec: ModelSpec) -> Path:
    """Where the worker for that model is met; an exchanged file, or another choice of GPUs, is another model."""
    stamps = tuple(_stamp(path) for path in (spec.text, spec.mmproj))
    wanted = repr((spec, stamps, os.environ.get("CUDA_VISIBLE_DEVICES")))
    digest = hashlib.sha256(wanted.encode("utf-8", "surrogateescape")).hexdigest()[:10]
    return folder() / f"{re.sub(r'[^a-zA-Z0-9.]+', '-', spec.name)[:24]}-{digest}.sock"


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0  # the worker says what is wrong with it
    return found.st_size, found.st_mtime_ns


def sockets() -> list[Path]:
    """Every socket that is there, listened to or not."""
    return sorted(path for path in folder().glob("*.sock") if path.is_socket())


@contextmanager
def door_lock(path: Path) -> Iterator[None]:
    """Held for the moment in which a socket is looked for, made or removed."""
    from filelock import FileLock, Timeout  # only where there is no engine yet, which takes longer

    try:
        with FileLock(path.with_name("door.lock"), timeout=_DOOR_PATIENCE_S):
            yield
    except Timeout as error:
        raise EngineFailure(
            _("another sightline holds the door to the engine and does not move"), cure=_("end it, and ask again")
        ) from error


def model_lock(path: Path) -> filelock.BaseFileLock:
    """Held by the worker behind that socket for as long as it has the model in its memory; its death releases it."""
    from filelock import FileLock

    return FileLock(path.with_suffix(".lock"))


def listening(path: Path) -> socket.socket:
    """A new socket there, that only its owner can connect to; what lay there before is gone. Under the door lock."""
    path.unlink(missing_ok=True)
    made = socket.socket(socket.AF_UNIX)
    made.bind(str(path))
    path.chmod(0o600)  # before anyone can connect, which takes a listener
    made.listen(128)
    return made


def connected(path: Path, patience_s: float) -> socket.socket | None:
    """A connection to whoever listens there; None where nobody does. Raises TimeoutError where nobody takes us in."""
    end = socket.socket(socket.AF_UNIX)
    end.settimeout(patience_s)
    try:
        end.connect(str(path))
    except (FileNotFoundError, ConnectionRefusedError):
        end.close()
        return None
    except (TimeoutError, BlockingIOError):
        end.close()
        raise TimeoutError from None
    end.settimeout(None)
    return end


@dataclass(frozen=True, slots=True)
class Peer:
    """The process at the other end, by the kernel's word. Of a listener: whoever called listen last."""

    pid: int
    uid: int


def peer(end: socket.socket) -> Peer:
    pid, uid, __ = _CREDENTIALS.unpack(end.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size))
    return Peer(pid, uid)
