"""What supervisor and worker say to each other: frames of JSON with raw blobs behind it, over one socket.

No pickle: only the closed list of values below can be spelled, so neither side can be made to build anything else.
Pixels travel as bytes beside the JSON, never inside it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import select
import socket
import struct
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from backend import answer, errors, events, scene
from backend.answer import Timings
from backend.engine import api
from backend.engine.api import Message, ModelSpec, Request, Sampling
from backend.engine.form import Choice, Integer, Literal, Quoted, Repeat, Series
from backend.errors import SightlineError
from backend.events import EngineEvent
from backend.scene import Raster


@cache
def version() -> str:
    """What both sides must agree on: a digest of the modules that say how things are spelled."""
    parts = (Path(module.__file__ or "").read_bytes() for module in (answer, api, errors, events, scene, sys.modules[__name__]))
    return hashlib.sha256(b"".join(parts)).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Load:
    """To the worker, first: have this model ready for me."""

    spec: ModelSpec
    version: str


@dataclass(frozen=True, slots=True)
class Cancel:
    """To the worker, at any time: stop that request."""

    request: str


@dataclass(frozen=True, slots=True)
class GiveWay:
    """To the worker, at any time: somebody types, so leave the processor to others for the next moments."""


@dataclass(frozen=True, slots=True)
class Watch:
    """To the worker, first or later: tell me how you are, now and whenever that changes."""

    version: str


@dataclass(frozen=True, slots=True)
class LoadProgress:
    """From the worker: `fraction` of the model's weights has been read."""

    fraction: float


@dataclass(frozen=True, slots=True)
class Ready:
    """From the worker: the model is loaded and computes on `device`."""

    device: str


@dataclass(frozen=True, slots=True)
class LoadFailed:
    """From the worker, last: the model cannot be used, or not any longer."""

    error: SightlineError


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """From the worker, to those who watch it."""

    model: str
    """Empty before the first session has said which."""
    pid: int
    device: str
    """Empty until the model is loaded."""
    fraction: float
    """How much of the model has been read."""
    sessions: int
    """How many use it, those that only watch not counted."""
    answering: int
    """How many requests it is working on, those that wait for their turn not counted."""


Order = Load | Watch | Request | Cancel | GiveWay
Report = LoadProgress | Ready | LoadFailed | EngineStatus | EngineEvent

_SPELLED: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        *(Load, Watch, Cancel, GiveWay, LoadProgress, Ready, LoadFailed, EngineStatus),
        *(Request, Message, Raster, Sampling, ModelSpec, Timings),
        *(Literal, Integer, Quoted, Series, Choice, Repeat),
        *(events.Loading, events.Encoding, events.Prefilling, events.Token, events.Thought),
        *(events.Generated, events.Cancelled, events.Failed),
    )
}
_ERRORS: dict[str, type[SightlineError]] = {
    name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, SightlineError)
}

_LENGTH = struct.Struct(">I")
MAX_FRAME = 1 << 30
"""No part of a frame is longer than this: a garbled length must not become an allocation."""


class GarbledFrame(Exception):
    """What was received is not a frame; nothing behind it can be trusted."""


class StrangeFrame(GarbledFrame):
    """A frame, whose value another version must have spelled; `kind` is the name it gave."""

    def __init__(self, kind: str, reason: Exception) -> None:
        super().__init__(f"not a value of this version: {kind}: {reason}")
        self.kind = kind


def encode(value: Order | Report) -> bytes:
    """One frame."""
    blobs: list[bytes] = []
    body = json.dumps({"value": _spell(value, blobs), "blobs": [len(blob) for blob in blobs]}).encode("ascii")
    return b"".join((_LENGTH.pack(len(body)), body, *blobs))


def _spell(value: Any, blobs: list[bytes]) -> Any:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case bytes():
            blobs.append(value)
            return {"": "blob", "index": len(blobs) - 1}
        case Path():
            return {"": "path", "path": str(value)}
        case tuple():
            return [_spell(item, blobs) for item in value]
        case SightlineError():
            known = next(kind.__name__ for kind in type(value).__mro__ if kind in _ERRORS.values())
            return {"": "error", "kind": known, "message": value.message, "cure": value.cure}
    fields = {field.name: _spell(getattr(value, field.name), blobs) for field in dataclasses.fields(value)}
    return {"": type(value).__name__, **fields}


def decode(read: Callable[[int], bytes]) -> Any:
    """The next value; None where the other side has closed between two frames. `read` returns less only at the end."""
    prefix = read(_LENGTH.size)
    if not prefix:
        return None
    size = _LENGTH.unpack(prefix)[0] if len(prefix) == _LENGTH.size else 0
    body = _exactly(read, size)
    try:
        frame = json.loads(body)
        blobs = [_exactly(read, length) for length in frame["blobs"]]
        value, kind = frame["value"], frame["value"][""]
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise GarbledFrame(f"not a frame: {error}") from error
    try:
        return _unspell(value, blobs)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise StrangeFrame(str(kind), error) from error


def _exactly(read: Callable[[int], bytes], size: int) -> bytes:
    if not 0 <= size <= MAX_FRAME:
        raise GarbledFrame(f"a part of {size} bytes")
    data = read(size)
    if len(data) != size:
        raise GarbledFrame(f"cut off after {len(data)} of {size} bytes")
    return data


def _unspell(value: Any, blobs: list[bytes]) -> Any:
    if isinstance(value, list):
        return tuple(_unspell(item, blobs) for item in value)
    if not isinstance(value, dict):
        return value
    fields = dict(value)
    kind = fields.pop("")
    if kind == "blob":
        return blobs[fields["index"]]
    if kind == "path":
        return Path(fields["path"])
    if kind == "error":
        error = _ERRORS[fields["kind"]].__new__(_ERRORS[fields["kind"]])
        SightlineError.__init__(error, fields["message"], cure=fields["cure"])
        return error
    return _SPELLED[kind](**{name: _unspell(item, blobs) for name, item in fields.items()})


class Channel:
    """One end of the socket. Any thread may send; one thread receives."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._incoming = end.makefile("rb")
        self._sending = threading.Lock()

    def send(self, value: Order | Report) -> None:
        """Raises OSError where the other side is gone."""
        frame = encode(value)
        with self._sending:
            self._end.sendall(frame)

    def receive(self) -> Any:
        """The next value; None where the other side is gone."""
        try:
            return decode(self._incoming.read)
        except ConnectionError:
            return None

    @property
    def hung_up(self) -> bool:
        """Whether one of the two sides has closed, even where what the other said before that has not been received."""
        poll = select.poll()
        try:
            poll.register(self._end, select.POLLIN)
        except ValueError:  # our own side
            return True
        return any(happened & ~select.POLLIN for _, happened in poll.poll(0))

    def close(self) -> None:
        """Wakes a thread that is blocked in `receive` on this end, and tells the other side."""
        with contextlib.suppress(OSError):  # already shut: the other side went first
            self._end.shutdown(socket.SHUT_RDWR)
        self._end.close()
