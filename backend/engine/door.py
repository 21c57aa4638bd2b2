"""The door of a shared worker: it lets sessions in, and decides when nobody has come for long enough.

One thread does both, so that nobody can step in while the worker makes up its mind to leave: who was let in is counted, and
who was not finds a closed door and starts the next worker.
"""

from __future__ import annotations

import logging
import os
import select
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

from backend.engine.rendezvous import door_lock, peer
from backend.engine.wire import Channel
from backend.errors import EngineFailure

_log = logging.getLogger("sightline.engine")

FIRST_GUEST_S = 30.0
"""Whoever started the worker is at the door already; should it have died, this is how long anybody else has."""

_LOOK_S = 60.0
"""How often a worker that nobody uses looks whether its socket can still be found: a runtime folder goes with its last
login, and what is left behind there could only wait for nobody."""


class Door:
    """A listening socket in the runtime folder."""

    def __init__(self, listener: socket.socket, idle_s: float) -> None:
        """`listener` is bound to its path, and listens already."""
        self._listener = listener
        self.path = Path(listener.getsockname())
        self._idle_s = idle_s
        self._inode = self.path.stat().st_ino
        self._waked, self._wake = socket.socketpair()
        self._lock = threading.Lock()
        """Guards what follows."""
        self._guests = 0
        self._alone_until = time.monotonic() + max(idle_s, FIRST_GUEST_S)
        listener.listen(128)  # once more: from now on its peers see our process behind it, not the one that made it

    def attend(self, serve: Callable[[Channel], None]) -> None:
        """Let guests in, and `serve` each in a thread of its own; returns once nobody has been here for the idle time."""
        while (patience := self._patience()) > 0:
            ready, _, _ = select.select([self._listener, self._waked], [], [], min(patience, _LOOK_S))
            if self._waked in ready:
                self._waked.recv(4096)
            if self._listener in ready:
                self._let_in(serve)

    def shut(self) -> None:
        """Remove the socket, unless it is another worker's by now. Idempotent."""
        try:
            with door_lock(self.path):
                if self._is_ours():
                    self.path.unlink()
                self._listener.close()
        except (EngineFailure, OSError):
            _log.exception("%s is left behind", self.path)  # nobody listens there: the next worker replaces it

    def _patience(self) -> float:
        """Seconds for which nobody need come, endless while somebody is here."""
        with self._lock:
            if self._guests:
                return float("inf")
            return self._alone_until - time.monotonic() if self._is_ours() else 0.0

    def _is_ours(self) -> bool:
        try:
            return self.path.stat().st_ino == self._inode
        except OSError:
            return False

    def _let_in(self, serve: Callable[[Channel], None]) -> None:
        try:
            end, _ = self._listener.accept()
        except OSError:
            _log.exception("nobody could be let in")
            time.sleep(1)  # out of descriptors, say: asking again at once would not help
            return
        guest = peer(end)
        if guest.uid != os.geteuid():
            _log.warning("user %d was not let in", guest.uid)
            end.close()
            return
        with self._lock:
            self._guests += 1
        threading.Thread(target=self._served, args=(end, serve), name=f"orders of {guest.pid}", daemon=True).start()

    def _served(self, end: socket.socket, serve: Callable[[Channel], None]) -> None:
        try:
            serve(Channel(end))
        finally:
            with self._lock:
                self._guests -= 1
                if not self._guests:
                    self._alone_until = time.monotonic() + self._idle_s
            self._wake.send(b"x")
