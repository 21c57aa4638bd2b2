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
from collections.abc import Callable
from typing import TYPE_CHECKING

from backend.engine.api import ModelSpec, Request
from backend.engine.desk import Arrived, Desk
from backend.engine.process import LOG_FORMAT
from backend.engine.wire import Cancel, Channel, LoadFailed, LoadProgress, Ready
from backend.errors import SightlineError

if TYPE_CHECKING:
    from backend.engine.llama.native import StopFlag
    from backend.engine.llama.scheduler import Scheduler

_log = logging.getLogger("sightline.engine")


def loaded(spec: ModelSpec, stop: StopFlag, tell: Callable[[LoadProgress], None]) -> tuple[Scheduler, str]:
    """Read both files, and say on what the model runs."""
    from backend.engine.llama import load

    shown = -1

    def report(fraction: float) -> None:
        nonlocal shown
        percent = int(fraction * 100)
        if percent > shown:
            shown = percent
            tell(LoadProgress(fraction))

    return load.load(spec, stop, report)


def work(desk: Desk, stop: StopFlag) -> None:
    """Load what the first client wants, then answer whoever asks, for ever; returns where the model cannot be used."""
    spec = desk.wait_for_spec()
    try:
        scheduler, device = loaded(spec, stop, desk.tell)
    except SightlineError as error:
        _log.error("%s", error)
        desk.tell(LoadFailed(error))
        return
    desk.tell(Ready(device))
    while True:
        for arrived in desk.collect(wait=scheduler.idle):
            _take(arrived, scheduler)
        scheduler.settle()
        desk.watch(scheduler.live)
        scheduler.work()


def _take(arrived: Arrived, scheduler: Scheduler) -> None:
    client = arrived.client
    match arrived.order:
        case Request() as request:
            scheduler.submit(request, client.send, client.number)
        case Cancel(request_id):
            scheduler.cancel(request_id)
        case _:
            scheduler.drop_client(client.number)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["GGML_NO_BACKTRACE"] = "1"  # else a failed assertion starts a debugger on this process
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    from backend.engine.llama.native import StopFlag, open_backend

    stop = StopFlag()
    # not sys.exit where the only client has gone: the main thread may be deep inside llama.cpp
    desk = Desk(stop, on_gone=lambda: os._exit(0))
    channel = Channel(socket.socket(fileno=int(sys.argv[1])))
    threading.Thread(target=desk.attend, args=(channel,), name="orders", daemon=True).start()
    open_backend()
    work(desk, stop)
    desk.finish()
    logging.shutdown()
    os._exit(0)  # without llama.cpp's static destructors: they race with its threads


if __name__ == "__main__":
    main()
