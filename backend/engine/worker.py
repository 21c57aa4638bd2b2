"""The engine's own process: `python -m backend.engine.worker FD`. A crash of llama.cpp ends here and nowhere else.

Its standard output and error are a log file (the supervisor opens it); the socket FD is its only tie to the program.
When that closes the process ends at once, whatever it is computing: the program may have been killed. A defect that
raises ends it too, with the traceback in the log: the supervisor reports a death and starts anew.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
from collections import deque
from typing import TYPE_CHECKING

from backend.engine.api import ModelSpec, Request
from backend.engine.process import LOG_FORMAT
from backend.engine.wire import Cancel, Channel, GarbledFrame, Load, LoadFailed, LoadProgress, Ready
from backend.errors import EngineFailure, SightlineError
from backend.events import Cancelled

if TYPE_CHECKING:
    from backend.engine.llama.answer import Answerer
    from backend.engine.llama.native import StopFlag

_log = logging.getLogger("sightline.engine")


class Desk:
    """Where orders arrive: a thread of its own files them, so that a cancel reaches a computation that is running."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._orders: deque[Load | Request] = deque()
        self._cancelled: set[str] = set()
        self._current = ""
        self._stop: StopFlag | None = None
        self._changed = threading.Condition()

    def receive_forever(self) -> None:
        while True:
            try:
                order = self._channel.receive()
            except GarbledFrame:
                _log.exception("the program sent something that is not an order")
                os._exit(2)
            if order is None:
                os._exit(0)  # not sys.exit: the main thread may be deep inside llama.cpp
            with self._changed:
                if isinstance(order, Cancel):
                    self._cancel(order.request)
                else:
                    self._orders.append(order)
                self._changed.notify()

    def _cancel(self, request: str) -> None:
        if request == self._current and self._stop is not None:
            self._stop.raise_()
        elif any(isinstance(order, Request) and order.id == request for order in self._orders):
            self._cancelled.add(request)

    def next_load(self) -> ModelSpec:
        with self._changed:
            self._changed.wait_for(lambda: self._orders)
            order = self._orders.popleft()
        if not isinstance(order, Load):
            raise EngineFailure("the engine was asked before it was told which model to load")
        return order.spec

    def next_request(self, stop: StopFlag) -> tuple[Request, bool]:
        """The next request, and whether it was cancelled while it waited."""
        with self._changed:
            self._changed.wait_for(lambda: self._orders)
            order = self._orders.popleft()
            if not isinstance(order, Request):
                raise EngineFailure("the engine was told twice which model to load")
            stop.lower()
            self._current, self._stop = order.id, stop
            was_cancelled = order.id in self._cancelled
            self._cancelled.discard(order.id)
        return order, was_cancelled

    def finished(self) -> None:
        """The current request is answered; a cancel that comes now is too late."""
        with self._changed:
            self._current = ""


def loaded(spec: ModelSpec, stop: StopFlag, channel: Channel) -> tuple[Answerer, str]:
    """Read both files, and say on what the model runs."""
    from backend.engine.llama import load

    shown = -1

    def report(fraction: float) -> None:
        nonlocal shown
        percent = int(fraction * 100)
        if percent > shown:
            shown = percent
            channel.send(LoadProgress(fraction))

    return load.load(spec, stop, report)


def serve(channel: Channel) -> None:
    desk = Desk(channel)
    threading.Thread(target=desk.receive_forever, name="orders", daemon=True).start()
    spec = desk.next_load()
    from backend.engine.llama.native import StopFlag, open_backend

    open_backend()
    stop = StopFlag()
    try:
        answerer, device = loaded(spec, stop, channel)
    except SightlineError as error:
        _log.error("%s", error)
        channel.send(LoadFailed(error))
        return
    channel.send(Ready(device))
    while True:
        request, was_cancelled = desk.next_request(stop)
        if was_cancelled:
            channel.send(Cancelled(request.id))
        else:
            answerer.answer(request, channel.send)
        desk.finished()


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["GGML_NO_BACKTRACE"] = "1"  # else a failed assertion starts a debugger on this process
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    serve(Channel(socket.socket(fileno=int(sys.argv[1]))))
    logging.shutdown()
    os._exit(0)  # without llama.cpp's static destructors: they race with its threads


if __name__ == "__main__":
    main()
