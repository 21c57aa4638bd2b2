"""Where the worker's orders arrive: from one client or several, each read by a thread of its own.

The main thread computes and takes what has arrived between two calls. What cannot wait so long, a cancel of what is being
computed, a question while something is only read ahead, or that whoever asked has hung up, raises the stop flag, which ends the
running call early.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from backend.engine.api import ModelSpec, Request
from backend.engine.wire import (
    Cancel,
    Channel,
    EngineStatus,
    GarbledFrame,
    GiveWay,
    Load,
    LoadFailed,
    LoadProgress,
    Ready,
    Report,
    StrangeFrame,
    Watch,
    version,
)
from backend.errors import EngineFailure
from backend.language import _
from backend.scene import Raster

if TYPE_CHECKING:
    from backend.engine.llama.native import StopFlag

_log = logging.getLogger("sightline.engine")

BACKLOG = 100_000
"""Reports that a client may leave unread, a suspended program for example, before it is given up."""

FAREWELL_S = 2.0
"""How long a client may take to read its last reports."""


class Client:
    """One program that asks. Any thread may send it reports; they never wait for it to read them."""

    def __init__(self, number: int, channel: Channel) -> None:
        self.number, self.channel = number, channel
        self._outbox: SimpleQueue[Report | None] = SimpleQueue()
        self._mail = threading.Thread(target=self._deliver, name=f"to client {number}", daemon=True)
        self._mail.start()

    def send(self, report: Report) -> None:
        if self._outbox.qsize() > BACKLOG:
            self.channel.close()
            return
        self._outbox.put(report)

    def close(self) -> None:
        """Hang up, once everything has been said, or where it does not listen; returns then."""
        self._outbox.put(None)
        self._mail.join(FAREWELL_S)
        self.channel.close()

    def _deliver(self) -> None:
        try:
            while (report := self._outbox.get()) is not None:
                self.channel.send(report)
        except OSError:
            pass  # it has gone; who reads from it finds out
        self.channel.close()


@dataclass(frozen=True, slots=True)
class Gone:
    """A client has hung up."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What a client wants of the model."""

    client: Client
    order: Request | Cancel | Gone


class Desk:
    """Collects orders for the main thread, and tells every client how far the model is."""

    def __init__(
        self,
        stop: StopFlag,
        on_gone: Callable[[], None],
        retire: Callable[[], None] | None = None,
        give_way: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_gone` is called, in some thread, whenever a client has hung up. `retire`, which does not return, is called when
        a program of another version wants a worker and nobody uses this one; without it, such programs are only refused.
        `give_way` is called, in some thread, when somebody types.
        """
        self._stop, self._on_gone, self._retire = stop, on_gone, retire
        self._give_way = give_way
        self._changed = threading.Condition()
        """Guards what follows; notified when an order arrives."""
        self._arrived: deque[Arrived] = deque()
        self._clients: dict[int, Client] = {}
        """Those who have said which model they want."""
        self._watchers: dict[int, Client] = {}
        self._answering = 0
        self._retiring = False
        self._numbers = 0
        self._spec: ModelSpec | None = None
        self._state: LoadProgress | Ready | LoadFailed = LoadProgress(0.0)
        self._watched: dict[str, Request] = {}
        self._asked_by: dict[str, int] = {}
        """The client of each request that has arrived and is not over."""

    def attend(self, channel: Channel) -> None:
        """Serve one client until it hangs up; returns then."""
        with self._changed:
            self._numbers += 1
            client = Client(self._numbers, channel)
        try:
            if self._admitted(client):
                self._receive(client)
        except GarbledFrame:
            _log.exception("client %d sent something that is not an order", client.number)
        finally:
            client.close()
            self._leave(client)

    def _admitted(self, client: Client) -> bool:
        """Whether it speaks our version and wants our model; it is told if not."""
        try:
            order = client.channel.receive()
        except StrangeFrame as strange:
            return self._turned_away(client, wants_a_model=strange.kind == Load.__name__)
        except GarbledFrame:
            return self._turned_away(client, wants_a_model=False)
        match order:
            case None:
                return False
            case Load(spec, theirs) if theirs == version():
                return self._welcomed(client, spec)
            case Watch(theirs) if theirs == version():
                self._watched_by(client)
                return True
        return self._turned_away(client, wants_a_model=isinstance(order, Load))

    def _turned_away(self, client: Client, *, wants_a_model: bool) -> bool:
        """It is of another version. Where that version wants our place and nobody is here, it can have it."""
        with self._changed:
            here = any(not client.channel.hung_up for client in self._clients.values())  # its thread may not have heard yet
            self._retiring = self._retiring or (wants_a_model and self._retire is not None and not here)
        if self._retiring and self._retire is not None:
            _log.info("made room for another version of sightline")
            self._retire()
        refusal = EngineFailure(
            _("the running engine belongs to another version of sightline"),
            cure=_("close the other sightline windows, or stop it with: sightline serve --stop"),
        )
        client.send(LoadFailed(refusal))
        return False

    def _welcomed(self, client: Client, spec: ModelSpec) -> bool:
        with self._changed:
            if self._retiring:
                return False
            if self._spec is None:
                self._spec = spec
                self._changed.notify_all()
            if spec != self._spec:
                other = EngineFailure(_("the running engine holds {name}").format(name=self._spec.name), cure=_("ask again"))
                client.send(LoadFailed(other))
                return False
            self._clients[client.number] = client
            client.send(self._state)
            self._tell_watchers()
        return True

    def _watched_by(self, client: Client) -> None:
        with self._changed:
            self._watchers[client.number] = client
            self._tell_watchers()

    def _tell_watchers(self) -> None:
        """Under the lock."""
        state = self._state
        status = EngineStatus(
            model=self._spec.name if self._spec else "",
            pid=os.getpid(),
            device=state.device if isinstance(state, Ready) else "",
            fraction=state.fraction if isinstance(state, LoadProgress) else float(isinstance(state, Ready)),
            sessions=len(self._clients.keys() - self._watchers.keys()),
            answering=self._answering,
        )
        for watcher in self._watchers.values():
            watcher.send(status)

    def _receive(self, client: Client) -> None:
        while (order := client.channel.receive()) is not None:
            match order:
                case Watch():
                    self._watched_by(client)
                case Request() | Cancel():
                    self._file(Arrived(client, order))
                case GiveWay():
                    self._give_way()
                case __:
                    raise GarbledFrame(f"not an order: {type(order).__name__}")

    def _file(self, arrived: Arrived) -> None:
        with self._changed:
            self._arrived.append(arrived)
            if isinstance(arrived.order, Request):
                self._asked_by[arrived.order.id] = arrived.client.number
            if self._cannot_wait(arrived):
                self._stop.raise_()
            self._changed.notify_all()

    def _leave(self, client: Client) -> None:
        with self._changed:
            known = self._clients.pop(client.number, None) is not None
            self._watchers.pop(client.number, None)
            self._tell_watchers()
        if known:
            self._file(Arrived(client, Gone()))
        self._on_gone()

    def _cannot_wait(self, arrived: Arrived) -> bool:
        match arrived.order:
            case Cancel(request):
                return request in self._watched
            case Request() as asked if not asked.ahead:
                begun = [request for request in self._watched.values() if request.ahead]
                return any(not share_a_picture(asked, request) for request in begun)
            case Gone():
                return any(self._asked_by.get(request) == arrived.client.number for request in self._watched)
        return False

    # For the main thread

    def wait_for_spec(self) -> ModelSpec:
        """The model that the first client wants."""
        with self._changed:
            self._changed.wait_for(lambda: self._spec is not None)
            assert self._spec is not None
            return self._spec

    def tell(self, state: LoadProgress | Ready | LoadFailed) -> None:
        """To every client, and to those that come later."""
        with self._changed:
            self._state = state
            for client in self._clients.values():
                client.send(state)
            self._tell_watchers()

    def finish(self) -> None:
        """Say what is left to say, and hang up."""
        with self._changed:
            leaving = {**self._clients, **self._watchers}.values()
        closing = [threading.Thread(target=client.close, daemon=True) for client in leaving]
        for thread in closing:  # side by side: several may be suspended
            thread.start()
        for thread in closing:
            thread.join()

    def collect(self, *, wait: bool) -> list[Arrived]:
        """What has arrived since, in order; lowers the stop flag, which these orders may have raised."""
        with self._changed:
            if wait:
                self._is_answering(0)
                self._changed.wait_for(lambda: self._arrived)
            arrived = list(self._arrived)
            self._arrived.clear()
            self._watched = {}
            self._stop.lower()
            return arrived

    def _is_answering(self, requests: int) -> None:
        if requests != self._answering:
            self._answering = requests
            self._tell_watchers()

    def watch(self, requests: Iterable[Request]) -> None:
        """These are what the next call computes: whatever concerns them cannot wait for its end."""
        with self._changed:
            self._watched = {request.id: request for request in requests}
            waiting = {arrived.order.id for arrived in self._arrived if isinstance(arrived.order, Request)}
            self._asked_by = {id_: client for id_, client in self._asked_by.items() if id_ in self._watched or id_ in waiting}
            self._is_answering(len(self._watched))
            if any(self._cannot_wait(arrived) for arrived in self._arrived):
                self._stop.raise_()


def share_a_picture(one: Request, other: Request) -> bool:
    """Whether a picture occurs in both."""
    seen = pictures(other)
    return any(raster in seen for raster in pictures(one))


def pictures(request: Request) -> list[Any]:
    return [part for message in request.messages for part in message.parts if isinstance(part, Raster)]
