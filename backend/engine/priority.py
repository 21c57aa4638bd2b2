"""How far a process whose model computes on the processor stands back behind everything else.

Linux shares a processor among sessions before it does among the processes of one (sched(7), "The autogroup feature"), and a
worker has a session of its own. Its niceness may be raised and lowered by its owner, where that of a process only rises: so
the session alone is told when somebody types.

Beside somebody who types it is not the share that counts but how often the worker comes in between: each time it has the core
for a whole tick (4 ms at 250 Hz), and has then been given what it is owed for 37 ms of the other's work at a niceness of 10,
and for 270 ms at 19 (weights 1024 to 110 and to 15, `sched_prio_to_weight` in Linux). A key takes 2 to 10 ms of work.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

NICENESS = 10
"""As nice(1) gives it: others who want a core get nine tenths of it."""
BESIDE_KEYS = 19
"""The same while somebody types."""
TYPING_S = 2.0
"""Seconds for which somebody is taken to type after it was told."""
_SESSION = Path("/proc/self/autogroup")


class Priority:
    """Of this process and its session: the usual one until `stand_back`. Thread-safe."""

    def __init__(self) -> None:
        self._niceness = NICENESS
        self._told = threading.Condition()
        """Guards what follows."""
        self._typing_until = float("-inf")

    def stand_back(self) -> None:
        """Let whoever waits for a key go first, from now on and in all threads that this one starts. To be called once."""
        self._niceness = max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0))
        os.setpriority(os.PRIO_PROCESS, 0, self._niceness)
        if _tell_session(self._niceness):
            threading.Thread(target=self._attend, name="priority", daemon=True).start()

    def give_way(self) -> None:
        """Somebody types: stand back farther for the next moments. Returns at once, and does nothing before `stand_back`."""
        with self._told:
            self._typing_until = time.monotonic() + TYPING_S
            self._told.notify()

    def _attend(self) -> None:
        while True:
            with self._told:
                self._told.wait_for(lambda: self._typing_until > time.monotonic())
            _tell_session(max(BESIDE_KEYS, self._niceness))
            while (left := self._typing_until - time.monotonic()) > 0:
                time.sleep(left)
            _tell_session(self._niceness)


def _tell_session(niceness: int) -> bool:
    """Whether it can be told at all."""
    for _ in range(5):
        try:
            _SESSION.write_text(str(niceness), encoding="ascii")
        except BlockingIOError:  # another session was told less than 0.1 s ago
            time.sleep(0.1)
        except OSError:  # the feature is not there
            return False
        else:
            return True
    return True
