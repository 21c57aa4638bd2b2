"""The engine's own process: `python -m backend.engine.worker FD`. A crash of llama.cpp ends here and nowhere else.

Its standard output and error are a log file (whoever starts it opens that). A private one has the socket FD as its only tie
to its program: when that closes the process ends at once, whatever it is computing, as the program may have been killed.
With `--listen` FD is a listening socket, and the process serves whoever comes, until nobody has for a while.
A defect that raises ends it too, with the traceback in the log: the supervisor reports a death and starts anew.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

import filelock

from backend.engine.api import ModelSpec, Request
from backend.engine.desk import Arrived, Desk
from backend.engine.door import Door
from backend.engine.priority import Priority
from backend.engine.process import LOG_FORMAT
from backend.engine.rendezvous import model_lock
from backend.engine.wire import Cancel, Channel, LoadFailed, LoadProgress, Ready
from backend.errors import EngineFailure, SightlineError
from backend.language import _

if TYPE_CHECKING:
    from backend.engine.llama.native import StopFlag
    from backend.engine.llama.scheduler import Scheduler

_log = logging.getLogger("sightline.engine")

IDLE_S = 600.0
"""How long a shared worker stays that nobody uses."""

HANDOVER_S = 30.0
"""How long the worker before us may take to let go of its memory."""


def loaded(spec: ModelSpec, stop: StopFlag, priority: Priority, tell: Callable[[LoadProgress], None]) -> tuple[Scheduler, str]:
    """Read both files, and say on what the model runs."""
    from backend.engine.llama import load, native

    if native.gpu(spec.gpu_layers) is None:
        priority.stand_back()
    shown = -1

    def report(fraction: float) -> None:
        nonlocal shown
        percent = int(fraction * 100)
        if percent > shown:
            shown = percent
            tell(LoadProgress(fraction))

    return load.load(spec, stop, report)


def work(desk: Desk, stop: StopFlag, priority: Priority) -> None:
    """Load what the first client wants, then answer whoever asks, for ever; returns where the model cannot be used."""
    spec = desk.wait_for_spec()
    try:
        scheduler, device = loaded(spec, stop, priority, desk.tell)
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
        case __:
            scheduler.drop_client(client.number)


def leave() -> NoReturn:
    """Not sys.exit: the main thread may be deep inside llama.cpp, whose static destructors race with its threads."""
    logging.shutdown()
    os._exit(0)


def serve_one(channel: Channel, stop: StopFlag) -> None:
    """For the program that started this process, and for as long as it lives."""
    priority = Priority()
    desk = Desk(stop, on_gone=lambda: os._exit(0), give_way=priority.give_way)
    threading.Thread(target=desk.attend, args=(channel,), name="orders", daemon=True).start()
    compute(desk, stop, priority)
    desk.finish()


def serve_all(door: Door, stop: StopFlag) -> None:
    """For every session that comes to the door."""

    def retire() -> NoReturn:
        door.shut()
        leave()

    def attend() -> None:
        door.attend(desk.attend)
        _log.info("nobody needs this process any more")
        retire()

    def obey() -> None:
        signal.sigwait({signal.SIGTERM})  # rather than a handler, which would wait for the end of llama.cpp's call
        door.shut()
        desk.tell(LoadFailed(EngineFailure(_("the engine was stopped"), cure=_("ask again: it is started anew"))))
        desk.finish()
        leave()

    priority = Priority()
    desk = Desk(stop, on_gone=lambda: None, retire=retire, give_way=priority.give_way)
    for target in (attend, obey):
        threading.Thread(target=target, name=target.__name__, daemon=True).start()
    try:
        with model_lock(door.path).acquire(timeout=HANDOVER_S):
            compute(desk, stop, priority)
            door.shut()
    except filelock.Timeout:
        door.shut()
        held = EngineFailure(
            _("another engine process holds this model and cannot be reached"),
            cure=_("end the other sightline windows, and ask again"),
        )
        desk.tell(LoadFailed(held))
    desk.finish()


def compute(desk: Desk, stop: StopFlag, priority: Priority) -> None:
    from backend.engine.llama.native import open_backend

    open_backend()
    work(desk, stop, priority)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("socket", type=int, help="descriptor of a socket")
    parser.add_argument("--listen", action="store_true", help="it is a listening socket: serve all who connect to it")
    parser.add_argument(
        "--idle", type=float, default=IDLE_S, help="seconds without anybody after which a listening worker ends"
    )
    arguments = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if arguments.listen:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # before there are threads, which inherit it
    os.environ["GGML_NO_BACKTRACE"] = "1"  # else a failed assertion starts a debugger on this process
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    from backend.engine.llama.native import StopFlag

    given = socket.socket(fileno=arguments.socket)
    if arguments.listen:
        serve_all(Door(given, arguments.idle), StopFlag())
    else:
        serve_one(Channel(given), StopFlag())
    leave()


if __name__ == "__main__":
    main()
