"""The engine whose model a server has. Nothing is loaded here; what there is to get ready is the server.

A form that the answer must take is not passed on: servers differ in what they accept, and a Qwen3-VL writes the JSON
that it was trained on without being forced. What comes is parsed as it comes.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from queue import SimpleQueue
from typing import Any

from backend.answer import Timings
from backend.catalog.card import Server
from backend.engine.api import Request
from backend.engine.remote import body as bodies
from backend.engine.remote.background import Background
from backend.engine.remote.client import Client
from backend.engine.remote.keys import find_key
from backend.engine.remote.refusal import Refused
from backend.engine.remote.retry import Retries
from backend.engine.remote.stream import Answer
from backend.engine.remote.survey import Survey, survey
from backend.errors import SightlineError, UsageError
from backend.events import Cancelled, EngineEvent, Failed, Generated, Loading
from backend.language import _
from backend.sanitise import one_line

Outcome = Generated | Cancelled | Failed


class _Call:
    """One request on its way: whoever ends it first (the server, a cancel) has the last word."""

    def __init__(self, request: Request, events: SimpleQueue[EngineEvent | BaseException]) -> None:
        self.request = request
        self.task: Future[None] | None = None
        self._events = events
        self._lock = threading.Lock()
        self.ended = False

    def tell(self, event: EngineEvent) -> None:
        with self._lock:
            if not self.ended:
                self.ended = isinstance(event, Outcome)
                self._events.put(event)

    def stop(self) -> None:
        """End it with Cancelled, and close its connection."""
        self.tell(Cancelled(self.request.id))
        if self.task is not None:
            self.task.cancel()

    def start(self, background: Background, work: Callable[[_Call], Coroutine[Any, Any, None]]) -> None:
        if not self.ended:
            self.task = background.submit(work(self))
            self.task.add_done_callback(self._over)
        if self.ended:  # by a cancel that may have come before there was a task
            self.stop()

    def _over(self, task: Future[None]) -> None:
        """A task that was cancelled without us, or a defect: the iterator must hear of either, or it would wait for ever."""
        if task.cancelled():
            self.tell(Cancelled(self.request.id))
        elif (defect := task.exception()) is not None:
            self._events.put(defect)


class RemoteEngine:
    """A server's model behind the Engine protocol. Requests run concurrently; how they share the server is its affair."""

    def __init__(self, name: str, server: Server, retries: Retries | None = None) -> None:
        """`name`: what the catalogue calls the model."""
        self._name, self._server, self._retries = name, server, retries or Retries()
        self._background = Background(self._hang_up)
        self._lock = threading.Lock()
        """Guards the calls and `_closed`."""
        self._calls: list[_Call] = []
        self._closed = False
        self._client: Client | None = None
        self._getting_ready = asyncio.Lock()
        self._survey: Survey | None = None
        self._refused: frozenset[str] = frozenset()
        """Groups of optional keys that this server has refused once."""

    def load(self) -> Iterator[Loading]:
        """Reach the server and learn what it is; see the protocol."""
        if self._closed or self._survey is not None:
            return
        yield Loading("", self._name, 0.0)
        with contextlib.suppress(CancelledError):
            self._background.submit(self._ready()).result()

    def run(self, *requests: Request) -> Iterator[EngineEvent]:
        """Send all requests at once; see the protocol."""
        events: SimpleQueue[EngineEvent | BaseException] = SimpleQueue()
        calls = [_Call(request, events) for request in requests]
        with self._lock:
            self._calls += calls
        return self._drain(calls, events)

    def cancel(self, request_id: str) -> None:
        """Stop that request: its stream ends now, and its connection is closed. Thread-safe."""
        with self._lock:
            meant = [call for call in self._calls if call.request.id == request_id]
        for call in meant:
            call.stop()

    def give_way(self) -> None:
        """Nothing computes here."""

    def describe(self) -> tuple[tuple[str, str], ...]:
        """What answers; what the server says of itself is known once it was reached."""
        known = self._survey
        model = known.model if known else self._server.model
        return (
            ("name", self._name),
            ("endpoint", self._server.url),
            ("model", one_line(model, 200) or _("not asked yet")),
            ("runtime", (known.program if known else "") or _("an OpenAI-compatible server")),
        )

    def close(self) -> None:
        """Close every connection; a running request ends with Cancelled. Idempotent."""
        with self._lock:
            self._closed = True
            calls = list(self._calls)
        for call in calls:
            call.stop()
        self._background.close()

    # In the thread that iterates

    def _drain(self, calls: Sequence[_Call], events: SimpleQueue[EngineEvent | BaseException]) -> Iterator[EngineEvent]:
        open_calls = len(calls)
        try:
            self._make_way()
            for call in calls:
                call.start(self._background, self._answer)
            while open_calls:
                event = events.get()
                if isinstance(event, BaseException):
                    raise event
                open_calls -= isinstance(event, Outcome)
                yield event
        finally:
            for call in calls:
                call.stop()
            with self._lock:
                self._calls = [call for call in self._calls if call not in calls]

    def _make_way(self) -> None:
        """What is read ahead gives way to what somebody waits for, whichever came first."""
        with self._lock:
            waited_for = any(not call.request.ahead and not call.ended for call in self._calls)
            ahead = [call for call in self._calls if call.request.ahead]
        if waited_for:
            for call in ahead:
                call.stop()

    # In the event loop

    async def _ready(self) -> tuple[Client, Survey]:
        """The connection and the server's own account of itself, made with the first request that needs them."""
        async with self._getting_ready:
            if self._client is None:
                key = await asyncio.to_thread(find_key, self._name, self._server)  # a keyring may ask the user first
                self._client = Client(self._server, key, self._retries)
            if self._survey is None:
                self._survey = (await survey(self._client, self._server)).require()
            return self._client, self._survey

    async def _hang_up(self) -> None:
        if self._client is not None:
            await self._client.close()

    async def _answer(self, call: _Call) -> None:
        asked = time.perf_counter()
        if self._survey is None:
            call.tell(Loading(call.request.id, self._name, 0.0))
        try:
            client, known = await self._ready()
            load_ms = (time.perf_counter() - asked) * 1000
            if call.request.begun and known.program not in bodies.CONTINUES:
                raise UsageError(
                    _("this server is not known to go on with an answer that was begun"), cure=_("ask the question again")
                )
            if call.request.ahead:
                await self._read_ahead(call, client, known)
            else:
                await self._generate(call, client, known, Answer(call.request, asked, load_ms))
        except Refused as refused:
            call.tell(Failed(call.request.id, refused.verdict()))
        except SightlineError as error:
            call.tell(Failed(call.request.id, error))

    async def _generate(self, call: _Call, client: Client, known: Survey, answer: Answer) -> None:
        refused = self._refused
        while True:
            body = await asyncio.to_thread(  # a picture takes a while to become a PNG
                bodies.chat, call.request, known.model, llama_server=known.is_llama_server, refused=refused
            )
            try:
                async with contextlib.aclosing(client.answer(body)) as chunks:
                    async for chunk in chunks:
                        for event in answer.read(chunk):
                            call.tell(event)
            except Refused as refusal:
                more = bodies.to_leave_out(body, refusal.complaint) if refusal.status in (400, 422) else frozenset()
                if not more:
                    raise
                refused |= more
                continue
            self._refused |= refused  # leaving them out has helped
            call.tell(answer.generated())
            return

    async def _read_ahead(self, call: _Call, client: Client, known: Survey) -> None:
        """Only llama-server can read without answering; elsewhere it would cost an answer that nobody asked for."""
        if known.is_llama_server:
            body = await asyncio.to_thread(bodies.warm_up, call.request, known.model)
            async with contextlib.aclosing(client.answer(body)) as chunks:
                async for __ in chunks:
                    pass
        call.tell(Generated(call.request.id, "", "end", Timings()))
