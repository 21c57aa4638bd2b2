"""An event loop in a thread of its own: what makes any number of connections look synchronous from outside.

Coroutines, because a task that waits for a socket can be cancelled at once, and a thread that does cannot.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

_T = TypeVar("_T")


class Background:
    """Runs coroutines until it is closed. Started by the first one; thread-safe."""

    def __init__(self, farewell: Callable[[], Awaitable[None]]) -> None:
        """`farewell` runs last, within the loop, when all tasks have ended."""
        self._farewell = farewell
        self._lock = threading.Lock()
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Event, threading.Thread] | None = None
        self._closed = False

    def submit(self, work: Coroutine[Any, Any, _T]) -> Future[_T]:
        """Start `work`; cancelling the future cancels it. After `close`, the future is cancelled from the start."""
        with self._lock:
            if self._closed:
                work.close()
                over: Future[_T] = Future()
                over.cancel()
                return over
            if self._running is None:
                self._running = self._start()
            return asyncio.run_coroutine_threadsafe(work, self._running[0])

    def close(self) -> None:
        """Cancel what still runs, wait for it, and end the thread. Idempotent."""
        with self._lock:
            self._closed = True
            running, self._running = self._running, None
        if running is not None:
            loop, over, thread = running
            loop.call_soon_threadsafe(over.set)
            thread.join()

    def _start(self) -> tuple[asyncio.AbstractEventLoop, asyncio.Event, threading.Thread]:
        started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()

        async def serve() -> None:
            over = asyncio.Event()
            started.set_result((asyncio.get_running_loop(), over))
            await over.wait()
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._farewell()

        thread = threading.Thread(target=lambda: asyncio.run(serve()), name="remote engine", daemon=True)
        thread.start()
        return (*started.result(), thread)
