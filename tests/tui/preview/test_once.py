"""Work that several threads want and one does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from tests.tui.conftest import PATIENCE
from tui.preview.once import Once


def test_who_comes_while_it_is_made_waits_for_it_and_nobody_else() -> None:
    once: Once[str, object] = Once()
    gate, begun = Event(), Event()
    made: list[object] = []

    def slow() -> object:
        begun.set()
        gate.wait(PATIENCE)
        made.append(object())
        return made[-1]

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(once.make, "a", slow)
        begun.wait(PATIENCE)
        second = pool.submit(once.make, "a", slow)
        assert once.make("b", lambda: 1) == 1
        gate.set()
        assert first.result() is second.result()
    assert len(made) == 1
    assert once.make("a", lambda: 2) == 2, "nothing is kept"


def test_a_failure_is_everybodys_and_the_next_one_tries_again() -> None:
    once: Once[str, int] = Once()
    with pytest.raises(ZeroDivisionError):
        once.make("a", lambda: 1 // 0)
    assert once.make("a", lambda: 3) == 3
