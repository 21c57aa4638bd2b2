"""What cannot wait for the end of the call that is running: who asked for it has hung up."""

from __future__ import annotations

import socket
import threading

import pytest

from backend.engine.desk import Desk
from backend.engine.llama.native import StopFlag
from backend.engine.wire import Channel, Load, Ready, version
from tests.engine.conftest import LOCATE, SPEC, A, question


class Visitor:
    """A client of a desk, and the thread that the desk reads it with."""

    def __init__(self, desk: Desk) -> None:
        ours, theirs = socket.socketpair()
        self._end, self.channel = ours, Channel(ours)
        self._reader = threading.Thread(target=desk.attend, args=(Channel(theirs),), daemon=True)
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
