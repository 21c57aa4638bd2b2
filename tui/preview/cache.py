"""Decoded pictures kept for the way back, bounded by their bytes: one photograph weighs as much as a thousand icons."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class ByteCache(Generic[Key, Value]):
    """Least recently used values leave first once `limit` bytes are passed; a value larger than that is not kept."""

    def __init__(self, limit: int, weigh: Callable[[Value], int]) -> None:
        self._limit = limit
        self._weigh = weigh
        self._kept: OrderedDict[Key, Value] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    @property
    def bytes(self) -> int:
        return self._bytes

    def get(self, key: Key) -> Value | None:
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def put(self, key: Key, value: Value) -> None:
        weight = self._weigh(value)
        with self._lock:
            if key in self._kept:
                self._bytes -= self._weigh(self._kept.pop(key))
            if weight > self._limit:
                return
            self._kept[key] = value
            self._bytes += weight
            while self._bytes > self._limit:
                self._bytes -= self._weigh(self._kept.popitem(last=False)[1])
