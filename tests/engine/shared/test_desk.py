"""Those who have hung up: what was computed for them is stopped, and they keep nobody out."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from collections.abc import Callable
from functools import partial
from types import NoneType
from typing import Any, NoReturn

import pytest

from backend.engine.desk import Desk
from backend.engine.llama.native import StopFlag
from backend.engine.wire import Channel, Load, LoadFailed, Ready, version
from tests.engine.conftest import LOCATE, SPEC, A, question


class Visitor:
    """A client of a desk, and the thread that the desk reads it with."""

    def __init__(self, desk: Desk, read: Callable[[socket.socket], Channel] = Channel) -> None:
        """`read`: the desk's end."""
        ours, theirs = socket.socketpair()
        self._end, self.channel = ours, Channel(ours)
        self._reader = threading.Thread(target=desk.attend, args=(read(theirs),), daemon=True)
        self._reader.start()
        self.channel.send(Load(SPEC, version()))
        while not isinstance(self.channel.receive(), Ready):
            pass

    def hang_up(self) -> None:
        """As when the program is killed; returns when the desk has seen it."""
        self._end.shutdown(socket.SHUT_RDWR)
        self._reader.join(timeout=30)


@pytest.mark.parametrize("killed", ["who asked", "somebody else"])
def test_a_call_for_somebody_who_has_hung_up_is_stopped_and_no_other(killed: str) -> None:
    stop = StopFlag()
    desk = Desk(stop, on_gone=lambda: None)
    desk.tell(Ready("CPU"))
    asking, other = Visitor(desk), Visitor(desk)
    request = question(A, LOCATE)
    asking.channel.send(request)
    arrived = [order.order for order in desk.collect(wait=True)]
    assert [order.id for order in arrived if hasattr(order, "id")] == [request.id]
    desk.watch([request])
    assert not stop.up
    (asking if killed == "who asked" else other).hang_up()
    assert stop.up is (killed == "who asked")
    desk.collect(wait=True)
    assert not stop.up


class SlowChannel(Channel):
    """An end whose thread hears of nothing after its first order until it is let, as on a busy machine."""

    def __init__(self, end: socket.socket, let: threading.Event) -> None:
        super().__init__(end)
        self._let, self._heard = let, 0

    def receive(self) -> Any:
        if self._heard:
            self._let.wait(30)
        self._heard += 1
        return super().receive()


@pytest.mark.parametrize("gone", [True, False])
def test_who_has_hung_up_keeps_no_other_version_out_even_where_its_thread_has_not_heard_of_it(gone: bool) -> None:
    let, retired = threading.Event(), threading.Event()

    def retire() -> NoReturn:
        retired.set()
        sys.exit()

    desk = Desk(StopFlag(), on_gone=lambda: None, retire=retire)
    desk.tell(Ready("CPU"))
    before = Visitor(desk, partial(SlowChannel, let=let))
    before.channel.send(question(A, LOCATE))  # that it has said something does not mean that it is here
    if gone:
        before.channel.close()
    ours, theirs = socket.socketpair()
    newer = Channel(ours)
    newer.send(Load(SPEC, "another"))
    with contextlib.suppress(SystemExit):
        desk.attend(Channel(theirs))
    assert retired.is_set() is gone
    assert isinstance(newer.receive(), NoneType if gone else LoadFailed)
    let.set()
