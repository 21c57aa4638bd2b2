"""The engine as the program sees it: a model in a process of its own, started when needed and restarted when it died.

Any number of threads may ask at once; each drains its own stream, and the worker answers them together. A question whose
worker dies ends with Failed and a cure, and the next question finds a new worker.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from queue import SimpleQueue

from backend.engine.api import ModelSpec, Request
from backend.engine.link import Died, Inbox, Link, Worker
from backend.engine.process import WorkerProcess, log_file
from backend.engine.wire import LoadFailed, LoadProgress, Ready
from backend.errors import EngineFailure, ModelError, SightlineError
from backend.events import Cancelled, EngineEvent, Failed, Generated, Loading
from backend.language import _
from backend.sanitise import quoted

BACK_OFF_S = (0.0, 0.5, 2.0, 8.0)
"""Pause before the next start, by how often in a row the worker has died."""

CANCEL_PATIENCE_S = 60.0
"""A cancelled request whose worker shows no reaction for so long is ended with its worker. Generous: one layer of the
vision tower takes ten seconds for a large picture on a slow processor."""


@dataclass(slots=True, eq=False)
class _Stream:
    """The requests of one `run` that have not ended, and where its news arrive."""

    waiting: dict[str, Request]
    asks: bool
    """False for a stream that only loads the model."""
    asked: float = field(default_factory=time.perf_counter)
    inbox: Inbox = field(default_factory=SimpleQueue)
    submitted: bool = False
    load_ms: float = 0.0


class WorkerEngine:
    """A model behind the Engine protocol, computing in a worker process."""

    def __init__(self, spec: ModelSpec, start: Callable[[ModelSpec], Worker] = WorkerProcess) -> None:
        """`start` makes or finds the worker; it may raise OSError or SightlineError."""
        self._spec, self._start = spec, start
        self._state = threading.Condition()
        """Guards what follows; notified when a request is cancelled or the engine closed."""
        self._link: Link | None = None
        self._starting = threading.Lock()
        self._device = ""
        self._deaths = 0
        self._streams: list[_Stream] = []
        self._cancelled: set[str] = set()
        self._closed = False

    def load(self) -> Iterator[Loading]:
        """Load the model ahead of the first question; see the protocol."""
        stream = _Stream({}, asks=False)
        try:
            for news in self._ready(stream):
                if isinstance(news, Loading):
                    yield news
        finally:
            self._forget(stream)

    def run(self, *requests: Request) -> Iterator[EngineEvent]:
        """Answer the requests together; see the protocol."""
        stream = _Stream({request.id: request for request in requests}, asks=True)
        with self._state:
            self._streams.append(stream)
        return self._run(stream)

    def cancel(self, request_id: str) -> None:
        """Stop that request, waiting or running. Thread-safe."""
        with self._state:
            stream = next((stream for stream in self._streams if request_id in stream.waiting), None)
            if stream is None or request_id in self._cancelled:
                return
            self._cancelled.add(request_id)
            self._state.notify_all()
            link, submitted = self._link, stream.submitted
        if not submitted:
            stream.inbox.put(Cancelled(request_id))
        elif link is not None:
            link.cancel(request_id)
            patience = threading.Timer(CANCEL_PATIENCE_S, self._give_up, (link, request_id))
            patience.daemon = True
            patience.start()

    def _give_up(self, link: Link, request_id: str) -> None:
        with self._state:
            stuck = self._link is link and any(request_id in stream.waiting for stream in self._streams)
        if stuck:
            link.worker.kill()

    def give_way(self) -> None:
        """Somebody types: the worker, where there is one, leaves the processor to others for the next moments."""
        with self._state:
            link = self._link
        if link is not None:
            link.give_way()

    def describe(self) -> tuple[tuple[str, str], ...]:
        """What answers; the device is known once the model was loaded."""
        try:
            bindings = version("llama-cpp-python")
        except PackageNotFoundError:
            bindings = _("(not installed)")
        return (
            ("name", self._spec.name),
            ("text", self._spec.text.name),
            ("mmproj", self._spec.mmproj.name),
            ("runtime", _("llama.cpp via llama-cpp-python {bindings}").format(bindings=bindings)),
            ("device", self._device or _("not loaded yet")),
        )

    def close(self) -> None:
        """End the worker, at once where it computes; a running request ends with Cancelled. Idempotent."""
        with self._state:
            self._closed = True
            self._state.notify_all()
            link, self._link = self._link, None
            for stream in self._streams:
                stream.inbox.put(Died())
        if link is not None:
            link.close()

    # One stream, in the thread that iterates

    def _run(self, stream: _Stream) -> Iterator[EngineEvent]:
        try:
            link = yield from self._ready(stream)
            if link is not None:
                yield from self._exchange(link, stream)
        except SightlineError as error:
            yield from self._end_all(stream, error)
        finally:
            self._forget(stream)

    def _forget(self, stream: _Stream) -> None:
        """The stream is over or was left: what has not ended in it is cancelled."""
        with self._state:
            link = self._link
            left = [request for request in stream.waiting if request not in self._cancelled] if stream.submitted else []
            if stream in self._streams:
                self._streams.remove(stream)
            self._cancelled.difference_update(stream.waiting)
        if link is not None:
            link.leave(stream.inbox)
            for request in left:
                link.cancel(request)

    def _end_all(self, stream: _Stream, error: SightlineError | None) -> Iterator[EngineEvent]:
        """Every request that has not ended ends now: cancelled where it was given up, else with the error."""
        for request in list(stream.waiting):
            with self._state:
                del stream.waiting[request]
                given_up = self._closed or request in self._cancelled or error is None
                self._cancelled.discard(request)
            yield Cancelled(request) if given_up or error is None else Failed(request, error)

    def _exchange(self, link: Link, stream: _Stream) -> Iterator[EngineEvent]:
        while stream.waiting:
            news = stream.inbox.get()
            if isinstance(news, Died):
                yield from self._end_all(stream, self._buried(link))
            elif isinstance(news, LoadFailed):  # it was told to leave
                self._let_go(link)
                yield from self._end_all(stream, news.error)
            elif not isinstance(news, LoadProgress | Ready) and news.request in stream.waiting:
                yield self._noted(news, stream)

    def _noted(self, event: EngineEvent, stream: _Stream) -> EngineEvent:
        """The event, with the time that this request waited for the model; the last of a request ends it."""
        if isinstance(event, Generated | Cancelled | Failed):
            with self._state:
                del stream.waiting[event.request]
                self._cancelled.discard(event.request)
        if not isinstance(event, Generated):
            return event
        self._deaths = 0
        timings, waited = event.timings, stream.load_ms
        first, total = timings.first_token_ms + waited, timings.total_ms + waited
        return replace(event, timings=replace(timings, load_ms=waited, first_token_ms=first, total_ms=total))

    # The worker

    def _ready(self, stream: _Stream) -> Generator[Loading | Cancelled, None, Link | None]:
        """Submit the stream's requests to a worker that has the model in its memory, telling how far it is.

        None where nothing is left to ask. Raises ModelError or EngineFailure.
        """
        link = self._linked(stream)
        if link is None:
            yield from self._given_up(stream)
            return None
        link.listen(stream.inbox)
        waited = False
        while True:
            match stream.inbox.get():
                case Ready(device):
                    self._device = device
                    stream.load_ms = (time.perf_counter() - stream.asked) * 1000 if waited else 0.0
                    yield from self._given_up(stream)
                    return self._submitted(link, stream)
                case LoadProgress(fraction):
                    waited = True
                    yield from (Loading(request, self._spec.name, fraction) for request in list(stream.waiting) or [""])
                case LoadFailed(error=failure):
                    self._let_go(link)
                    raise failure
                case Died():
                    if self._closed:
                        yield from self._given_up(stream)
                        return None
                    raise self._buried(link)
            yield from self._given_up(stream)
            if stream.asks and not stream.waiting:
                return None

    def _given_up(self, stream: _Stream) -> Iterator[Cancelled]:
        """The ends of requests that were cancelled before the worker had them."""
        with self._state:
            gone = [request for request in stream.waiting if self._closed or request in self._cancelled]
            for request in gone:
                del stream.waiting[request]
                self._cancelled.discard(request)
        yield from map(Cancelled, gone)

    def _submitted(self, link: Link, stream: _Stream) -> Link:
        with self._state:
            stream.submitted = True
            requests = tuple(stream.waiting.values())
        link.submit(requests, stream.inbox)
        with self._state:
            late = [request for request in stream.waiting if request in self._cancelled]
        for request in late:  # by someone whose order may have arrived before the request did
            link.cancel(request)
        return link

    def _linked(self, stream: _Stream) -> Link | None:
        """The worker, started where there is none; None where all of the stream was given up meanwhile."""

        def given_up() -> bool:
            return self._closed or (stream.asks and all(request in self._cancelled for request in stream.waiting))

        with self._starting:
            with self._state:
                if self._link is not None and self._link.over:
                    self._link = None
                if self._link is None:
                    pause = BACK_OFF_S[min(self._deaths, len(BACK_OFF_S) - 1)]
                    self._state.wait_for(given_up, timeout=pause)
                if given_up():
                    return None
                if self._link is not None:
                    return self._link
            try:
                link = Link(self._start(self._spec))
            except OSError as error:
                raise EngineFailure(
                    _("the engine process cannot be started: {reason}").format(reason=error.strerror), cure=_("ask again")
                ) from error
            with self._state:
                if not self._closed:
                    self._link = link
                    return link
        link.close()
        return None

    def _let_go(self, link: Link) -> bool:
        """Whether we are the first who does."""
        with self._state:
            first = self._link is link
            if first:
                self._link = None
        link.close()
        return first

    def _buried(self, link: Link) -> SightlineError:
        """Let go of a worker that is gone; what its death means."""
        if self._let_go(link):
            self._deaths += 1
        epitaph = link.worker.epitaph()
        if link.loaded:
            return EngineFailure(
                _("the engine process died while answering ({epitaph})").format(epitaph=epitaph),
                cure=_("ask again: it is started anew; {log_file} has more").format(log_file=quoted(log_file())),
            )
        return ModelError(
            _("the engine process died while loading {text} ({epitaph})").format(text=quoted(self._spec.text), epitaph=epitaph),
            cure=_("a smaller model may fit the memory; sightline models check looks for damage; {log_file} has more").format(
                log_file=quoted(log_file())
            ),
        )
