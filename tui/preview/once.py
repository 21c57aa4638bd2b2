"""Work that several threads may want at the same time and one of them does."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Once(Generic[Key, Value]):
    """Whoever comes first makes the value; who comes while it is made waits for it, and for nothing else."""

    def __init__(self) -> None:
        self._underway: dict[Key, Future[Value]] = {}
        self._lock = Lock()

    def make(self, key: Key, how: Callable[[], Value]) -> Value:
        """The value, or what `how` raised, in every thread that waited."""
        with self._lock:
            underway = self._underway.get(key)
            mine = Future[Value]() if underway is None else None
            if mine is not None:
                self._underway[key] = mine
        if mine is None:
            assert underway is not None
            return underway.result()
        try:
            value = how()
        except BaseException as error:
            mine.set_exception(error)
            raise
        else:
            mine.set_result(value)
            return value
        finally:
            with self._lock:
                del self._underway[key]
