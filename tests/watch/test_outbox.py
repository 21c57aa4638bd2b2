"""Records on their way to a reader who is slow, or has gone."""

from __future__ import annotations

import time
from threading import Event as Gate
from threading import Thread

from backend.spatial.tracks import Event, EventKind
from backend.watch.outbox import Outbox
from backend.watch.records import Happened, Looked, Record, wall_clock


def frame(number: int) -> Looked:
    return Looked(number, number / 10, wall_clock(), 12.0, True, 0, (), ())


def event(number: int) -> Happened:
    return Happened(Event(EventKind.APPEARS, 1.0, 1.0, ("t1",), ("cup",), "the cup appeared"), number, wall_clock(), 3.0)


class Reader:
    """Reads nothing until its gate is open."""

    def __init__(self) -> None:
        self.gate = Gate()
        self.read: list[Record] = []

    def __call__(self, record: Record) -> None:
        assert self.gate.wait(30)
        self.read.append(record)


def test_of_frames_that_nobody_reads_the_oldest_give_way_and_events_never_do() -> None:
    reader = Reader()
    box = Outbox(reader, frames=3)
    for number in range(10):
        box.put(frame(number))
        box.put(event(number))
    reader.gate.set()
    assert box.close(30)
    assert [one.frame for one in reader.read if isinstance(one, Happened)] == list(range(10))
    frames = [one for one in reader.read if isinstance(one, Looked)]
    assert [one.frame for one in frames][-3:] == [7, 8, 9]
    assert len(frames) + box.withheld == 10
    assert sum(one.withheld for one in frames) == box.withheld > 0, "each frame says how many are missing before it"


def test_records_that_must_not_be_lost_make_the_loop_wait() -> None:
    reader = Reader()
    box = Outbox(reader, kept=4)

    def tell() -> None:
        for number in range(20):
            box.put(event(number))

    loop = Thread(target=tell, daemon=True)
    loop.start()
    loop.join(0.2)
    assert loop.is_alive(), "it waits for the reader"
    reader.gate.set()
    loop.join(30)
    assert box.close(30)
    assert len(reader.read) == 20


def test_a_reader_who_has_gone_ends_the_writing_and_wakes_up_the_loop() -> None:
    def broken(_: Record) -> None:
        raise BrokenPipeError

    box = Outbox(broken, kept=1)
    for number in range(50):
        box.put(event(number))
    assert not box.close(30)
    assert box.gone


def test_one_who_reads_no_more_does_not_hold_up_the_end() -> None:
    reader = Reader()
    box = Outbox(reader)
    box.put(event(1))
    began = time.monotonic()
    assert not box.close(0.1)
    assert time.monotonic() - began < 20
    reader.gate.set()
