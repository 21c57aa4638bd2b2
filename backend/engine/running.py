"""The shared workers that are running: what they say of themselves, what the kernel says of them, and how they are ended.

What ends one is a signal to its process, so that it works on a worker of any version, and on one that hangs.
"""

from __future__ import annotations

import os
import select
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psutil

from backend.engine.rendezvous import connected, door_lock, peer, sockets
from backend.engine.wire import Channel, EngineStatus, GarbledFrame, Watch, version

State = Literal["loading", "ready", "of another version", "not answering"]

_PATIENCE_S = 3.0
_GRACE_S = 10.0
"""How long one that was told to leave may take before it is killed."""


@dataclass(frozen=True, slots=True)
class Running:
    """One shared worker."""

    socket: Path
    pid: int
    state: State
    model: str
    device: str
    """Empty where it is not known, or not yet."""
    sessions: int
    answering: int
    """Requests that it is working on."""
    memory: int
    """Bytes of RAM that are resident; what lies on a GPU is not among them."""
    uptime_s: float

    def as_dict(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "pid": self.pid,
            "state": self.state,
            "device": self.device or None,
            "sessions": self.sessions,
            "answering": self.answering,
            "memory_bytes": self.memory,
            "uptime_s": round(self.uptime_s, 1),
            "socket": str(self.socket),
        }


def running() -> list[Running]:
    """Every shared worker of this user."""
    return [found for path in sockets() if (found := _looked_at(path)) is not None]


def _looked_at(path: Path) -> Running | None:
    try:
        end = connected(path, _PATIENCE_S)
    except TimeoutError:
        return Running(path, 0, "not answering", path.stem, "", 0, 0, 0, 0.0)
    if end is None:
        return None  # left behind by one that was killed
    behind = peer(end).pid
    state, status = _asked(end)
    pid = status.pid if status else behind
    memory, uptime_s = _measured(pid)
    if status is None:
        return Running(path, pid, state, path.stem, "", 0, 0, memory, uptime_s)
    model = status.model or path.stem
    return Running(path, pid, state, model, status.device, status.sessions, status.answering, memory, uptime_s)


def _asked(end: socket.socket) -> tuple[State, EngineStatus | None]:
    channel = Channel(end)
    try:
        channel.send(Watch(version()))
        if not select.select([end], [], [], _PATIENCE_S)[0]:
            return "not answering", None
        said = channel.receive()
    except GarbledFrame:
        said = None
    except OSError:
        return "not answering", None
    finally:
        channel.close()
    if not isinstance(said, EngineStatus):
        return "of another version", None
    return "ready" if said.device else "loading", said


def _measured(pid: int) -> tuple[int, float]:
    try:
        process = psutil.Process(pid)
        return process.memory_info().rss, max(0.0, time.time() - process.create_time())
    except (psutil.Error, ValueError):
        return 0, 0.0  # gone meanwhile, or in a container of its own


def stop(pid: int, path: Path) -> bool:
    """End the worker with that process id and socket, and wait until it has gone; whether it has."""
    with suppress(psutil.Error, ValueError):
        process = psutil.Process(pid)
        if "backend.engine.worker" not in process.cmdline() or process.uids().effective != os.geteuid():
            return False  # not a worker: it ended, or is about to start
        process.terminate()
        try:
            process.wait(_GRACE_S)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(_GRACE_S)
    with door_lock(path):
        if connected(path, _PATIENCE_S) is None:
            path.unlink(missing_ok=True)
    return not psutil.pid_exists(pid)
