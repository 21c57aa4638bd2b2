"""The one place between source and watcher: the newest frame, or each in its turn."""

from __future__ import annotations

import time
from threading import Thread

from backend.watch.mailbox import Mailbox
from tests.watch.frames import shot


def test_the_newest_frame_wins_and_those_passed_over_are_counted_once() -> None:
    box = Mailbox()
    for number in (1, 2, 3):
        box.put(shot(number))
    taken = box.take()
    assert taken is not None
    assert (taken[0].number, taken[1]) == (3, 2)
    box.put(shot(4))
    taken = box.take()
    assert taken is not None
    assert (taken[0].number, taken[1]) == (4, 0)


def test_where_each_counts_the_source_waits() -> None:
    box = Mailbox(every=True)

    def give() -> None:
        for number in (1, 2, 3):
            box.put(shot(number))

    source = Thread(target=give, daemon=True)
    source.start()
    seen = []
    for _ in range(3):
        time.sleep(0.02)
        taken = box.take(5)
        assert taken is not None
        seen.append((taken[0].number, taken[1]))
    assert seen == [(1, 0), (2, 0), (3, 0)]


def test_closed_it_gives_what_waits_and_then_nothing() -> None:
    box = Mailbox()
    box.put(shot(1))
    box.close()
    assert not box.over
    assert box.take() is not None
    assert box.over
    assert box.take() is None
    box.put(shot(2))
    assert box.take() is None, "nobody looks any more"


def test_closing_wakes_up_a_source_that_waits_and_whoever_waits_for_a_frame() -> None:
    box = Mailbox(every=True)
    box.put(shot(1))
    source = Thread(target=lambda: box.put(shot(2)), daemon=True)
    source.start()
    box.close(empty=True)
    source.join(5)
    assert not source.is_alive()
    assert box.take() is None
    assert Mailbox().take(0.01) is None
