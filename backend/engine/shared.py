"""A worker that all sessions of this user share: whoever needs it first starts it, and it outlives them for a while.

The starter makes the listening socket, connects to it, and only then starts the worker behind it. So there is nothing to
wait for or to race with: under the door's lock a socket either has a listener or is stale.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import subprocess
import threading
from pathlib import Path

from backend.engine import process
from backend.engine.api import ModelSpec
from backend.engine.rendezvous import connected, door_lock, listening, peer, socket_of
from backend.engine.wire import Channel, Load, version
from backend.errors import EngineFailure
from backend.language import _

PATIENCE_S = 30.0
"""How long a running engine may take to say anything to a newcomer. Its first word does not wait for computations, but it may
be starting itself, on a busy machine."""

_TRIES = 5
"""How often in a row we may meet a worker that is about to leave."""


class SharedWorker:
    """Our connection to it. The others keep theirs, whatever becomes of this one."""

    def __init__(self, spec: ModelSpec, idle_s: float | None = None) -> None:
        """Connect to the worker that has the model, or start one, with that idle time (its own default where None)."""
        self.path = socket_of(spec)
        self._log = process.log_file()
        self._log_start = self._log.stat().st_size if self._log.exists() else 0
        self._left = False
        for __ in range(_TRIES):
            try:
                end, self.pid, fresh = _met(self.path, idle_s)
            except TimeoutError:
                raise _silent(self.path) from None
            self.channel = Channel(end)
            with contextlib.suppress(OSError):  # it has gone already; whoever receives finds out
                self.channel.send(Load(spec, version()))
            if fresh or _welcomed(end, self.pid):
                return
            self.channel.close()
        raise EngineFailure(_("the shared engine ended again and again"), cure=_("ask again"))

    def kill(self) -> None:
        """Let go of it: it is not ours to end."""
        self._left = True
        self.channel.close()

    def epitaph(self) -> str:
        """What became of it, in half a sentence."""
        if self._left:
            return f"process {self.pid} did not react; sightline serve --stop ends it"
        last = process.last_words(self._log, self._log_start, self.pid)
        return f"process {self.pid}, shared by all sessions" + (f"; its last words: {last}" if last else "")

    def close(self) -> None:
        """Hang up; it drops what we asked, and stays for the others."""
        self.channel.close()


def _met(path: Path, idle_s: float | None) -> tuple[socket.socket, int, bool]:
    """A connection, the worker's process id, and whether we started it. Raises TimeoutError where it does not take us in."""
    end = connected(path, PATIENCE_S)
    if end is None:
        with door_lock(path):
            end = connected(path, PATIENCE_S)
            if end is None:
                return *_started(path, idle_s), True
    return end, peer(end).pid, False


def _started(path: Path, idle_s: float | None) -> tuple[socket.socket, int]:
    listener = listening(path)
    log, __ = process.opened_log()
    options = ["--listen"] if idle_s is None else ["--listen", "--idle", str(idle_s)]
    try:
        end = connected(path, PATIENCE_S)
        assert end is not None
        worker = process.started(listener.fileno(), log, *options, folder="/")
    except OSError:
        path.unlink()
        raise
    finally:
        listener.close()
        os.close(log)
    _bury_in_time(worker)
    return end, worker.pid


def _bury_in_time(worker: subprocess.Popen[bytes]) -> None:
    """It may end before us, and should not stay as a zombie then."""
    threading.Thread(target=worker.wait, name="shared engine", daemon=True).start()


def _welcomed(end: socket.socket, pid: int) -> bool:
    """Whether it has said something; False where it hung up instead: it was about to leave, and the next one is met."""
    ready, __, __ = select.select([end], [], [], PATIENCE_S)
    if not ready:
        end.close()
        raise EngineFailure(
            _("the running engine (process {pid}) does not answer").format(pid=pid),
            cure=_("stop it with: sightline serve --stop; then ask again"),
        )
    try:
        return end.recv(1, socket.MSG_PEEK) != b""
    except ConnectionError:
        return False


def _silent(path: Path) -> EngineFailure:
    return EngineFailure(
        _("the running engine ({name}) lets nobody in").format(name=path.name),
        cure=_("stop it with: sightline serve --stop; then ask again"),
    )
