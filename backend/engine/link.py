"""A live worker and those who wait for its reports: one thread reads the socket and puts each report where it belongs."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Protocol

from backend.engine.api import Request
from backend.engine.wire import Cancel, Channel, EngineStatus, GarbledFrame, GiveWay, LoadFailed, LoadProgress, Ready
from backend.events import EngineEvent


@dataclass(frozen=True, slots=True)
class Died:
    """The worker is gone."""


News = LoadProgress | Ready | LoadFailed | Died | EngineEvent
Inbox = SimpleQueue[News]


class Worker(Protocol):
    """A process at the other end of a channel."""

    channel: Channel

    def kill(self) -> None:
        """End it now, or let go of it where others use it too."""
        ...

    def epitaph(self) -> str:
        """How it ended, in half a sentence."""
        ...

    def close(self) -> None:
        """Hang up."""
        ...


class Link:
    """One life of a worker, as seen by its program. Thread-safe."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self._lock = threading.Lock()
        self._inboxes: dict[str, Inbox] = {}
        self._listeners: set[Inbox] = set()
        self._state: LoadProgress | Ready | LoadFailed | Died | None = None
        """None until the worker has said how far it is: one that others use may have the model in its memory already."""
        self._was_loaded = False
        self._reader = threading.Thread(target=self._read_forever, name="engine reports", daemon=True)
        self._reader.start()

    @property
    def loaded(self) -> bool:
        """The model is, or was, in its memory."""
        return self._was_loaded

    @property
    def over(self) -> bool:
        """Nothing can be asked of it any more."""
        return isinstance(self._state, Died | LoadFailed)

    def listen(self, inbox: Inbox) -> None:
        """Tell it how far the model is, now and from now on, and of the worker's death."""
        with self._lock:
            self._listeners.add(inbox)
            if self._state is not None:
                inbox.put(self._state)

    def leave(self, inbox: Inbox) -> None:
        """Put nothing into it any more."""
        with self._lock:
            self._listeners.discard(inbox)
            for request in [request for request, owner in self._inboxes.items() if owner is inbox]:
                del self._inboxes[request]

    def submit(self, requests: Iterable[Request], inbox: Inbox) -> None:
        """Ask; the events come into the inbox."""
        asked = tuple(requests)
        with self._lock:
            self._inboxes.update((request.id, inbox) for request in asked)
        for request in asked:
            self._order(request)

    def cancel(self, request_id: str) -> None:
        self._order(Cancel(request_id))

    def give_way(self) -> None:
        self._order(GiveWay())

    def close(self) -> None:
        self.worker.close()

    def _order(self, order: Request | Cancel | GiveWay) -> None:
        with contextlib.suppress(OSError):  # the worker is gone: whoever reads finds out
            self.worker.channel.send(order)

    def _read_forever(self) -> None:
        channel = self.worker.channel
        while True:
            try:
                report = channel.receive()
            except (GarbledFrame, OSError, ValueError):  # one that talks garbage is as good as gone; closed under our hands
                self.worker.kill()
                report = None
            if report is None:
                self._broadcast(Died())
                return
            if isinstance(report, LoadProgress | Ready | LoadFailed):
                self._was_loaded = self._was_loaded or isinstance(report, Ready)
                self._broadcast(report)
                continue
            if isinstance(report, EngineStatus):
                continue  # for those who watch
            with self._lock:
                inbox = self._inboxes.get(report.request)
            if inbox is not None:  # else a late report about what was left early
                inbox.put(report)

    def _broadcast(self, state: LoadProgress | Ready | LoadFailed | Died) -> None:
        with self._lock:
            if isinstance(self._state, LoadFailed) and isinstance(state, Died):
                return  # that was its last word
            self._state = state
            for inbox in self._listeners:
                inbox.put(state)
