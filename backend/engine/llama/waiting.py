"""Requests that wait for their turn, in an order that no client can crowd: clients take turns, each in its own order.

What is only read ahead waits behind everything that somebody asked.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class Waiting(Protocol):
    """What the queue must know of a request."""

    @property
    def client(self) -> int: ...

    @property
    def ahead(self) -> bool: ...


T = TypeVar("T", bound=Waiting)


class FairQueue(Generic[T]):
    """Iterating gives the order in which they should be taken."""

    def __init__(self) -> None:
        self._asked: OrderedDict[int, deque[T]] = OrderedDict()
        self._ahead: deque[T] = deque()

    def __len__(self) -> int:
        return sum(map(len, self._asked.values())) + len(self._ahead)

    @property
    def asked(self) -> bool:
        """Whether something waits that somebody asked."""
        return bool(self._asked)

    def push(self, item: T) -> None:
        if item.ahead:
            self._ahead.append(item)
        else:
            self._asked.setdefault(item.client, deque()).append(item)

    def __iter__(self) -> Iterator[T]:
        """Of every client its first, then of every client its second …, then what is read ahead. May be changed meanwhile."""
        lines = [list(line) for line in self._asked.values()]
        for place in range(max(map(len, lines), default=0)):
            yield from (line[place] for line in lines if place < len(line))
        yield from list(self._ahead)

    def take(self, item: T) -> None:
        """Remove it: its client's next turn comes after everyone else's."""
        if item.ahead:
            self._ahead.remove(item)
            return
        line = self._asked[item.client]
        line.remove(item)
        self._asked.move_to_end(item.client)
        if not line:
            del self._asked[item.client]
