"""The engine as the program sees it: a model in a process of its own, started when needed and restarted when it died.

Whoever iterates `run` also reads the socket; there is no thread here that could outlive its purpose. A question whose
worker dies ends with Failed and a cure, and the next question finds a new worker.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from backend.engine.api import ModelSpec, Request
from backend.engine.process import WorkerProcess, log_file
from backend.engine.wire import Cancel, GarbledFrame, LoadFailed, LoadProgress, Ready
from backend.errors import EngineFailure, ModelError, SightlineError
from backend.events import Cancelled, EngineEvent, Failed, Generated, Loading
from backend.sanitise import quoted

BACK_OFF_S = (0.0, 0.5, 2.0, 8.0)
"""Pause before the next start, by how often in a row the worker has died."""

CANCEL_PATIENCE_S = 60.0
"""A cancelled request whose worker shows no reaction for so long is ended with its worker. Generous: one layer of the
vision tower takes ten seconds for a large picture on a slow processor, and loading the model anew takes longer."""


class WorkerEngine:
    """A model behind the Engine protocol, computing in a worker process."""

    def __init__(self, spec: ModelSpec) -> None:
        self._spec = spec
        self._state = threading.Condition()
        """Guards what follows; notified when a turn ends, a request is cancelled or the engine closed."""
        self._taken = False
        """Someone talks to the worker: one request, or whoever loads ahead."""
        self._fraction: float | None = None
        """Of the model's weights, while it is being loaded."""
        self._worker: WorkerProcess | None = None
        self._loaded = False
        self._device = ""
        self._deaths = 0
        self._known: set[str] = set()
        self._cancelled: set[str] = set()
        self._current = ""
        self._closed = False

    def load(self) -> Iterator[Loading]:
        """Load the model ahead of the first question; see the protocol."""
        if not (yield from self._take_turn("")):
            return
        try:
            yield from self._ready_worker("")
        finally:
            self._end_turn()

    def run(self, *requests: Request) -> Iterator[EngineEvent]:
        """Answer the requests, one after the other; see the protocol."""
        with self._state:
            self._known.update(request.id for request in requests)
        return self._each(requests)

    def _each(self, requests: Sequence[Request]) -> Iterator[EngineEvent]:
        for request in requests:
            yield from self._run(request)

    def cancel(self, request_id: str) -> None:
        """Stop that request, waiting or running; while the model loads, this ends the worker. Thread-safe."""
        with self._state:
            if request_id not in self._known or request_id in self._cancelled:
                return
            self._cancelled.add(request_id)
            self._state.notify_all()
            worker = self._worker if self._current == request_id else None
            loaded = self._loaded
        if worker is None:
            return
        if not loaded:
            worker.kill()
            return
        _order(worker, Cancel(request_id))
        patience = threading.Timer(CANCEL_PATIENCE_S, self._give_up, (worker, request_id))
        patience.daemon = True
        patience.start()

    def _give_up(self, worker: WorkerProcess, request_id: str) -> None:
        with self._state:
            stuck = self._worker is worker and self._current == request_id
        if stuck:
            worker.kill()

    def describe(self) -> tuple[tuple[str, str], ...]:
        """What answers; the device is known once the model was loaded."""
        try:
            bindings = version("llama-cpp-python")
        except PackageNotFoundError:
            bindings = "(not installed)"
        return (
            ("name", self._spec.name),
            ("text", self._spec.text.name),
            ("mmproj", self._spec.mmproj.name),
            ("runtime", f"llama.cpp via llama-cpp-python {bindings}"),
            ("device", self._device or "not loaded yet"),
        )

    def close(self) -> None:
        """End the worker, at once where it computes; a running request ends with Cancelled. Idempotent."""
        with self._state:
            self._closed = True
            self._state.notify_all()
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()

    # One request, in the thread that iterates

    def _run(self, request: Request) -> Iterator[EngineEvent]:
        asked = time.perf_counter()
        try:
            if not (yield from self._take_turn(request.id)):
                yield Cancelled(request.id)
                return
            try:
                yield from self._exchange(request, asked)
            except SightlineError as error:
                yield Failed(request.id, error)
            finally:
                self._end_turn()
        finally:
            with self._state:
                self._known.discard(request.id)
                self._cancelled.discard(request.id)

    def _take_turn(self, request_id: str) -> Generator[Loading, None, bool]:
        """Wait until nobody talks to the worker, telling how far a model is that is being loaded meanwhile.

        False where the request was given up.
        """
        told: float | None = None

        def news() -> bool:
            return not self._taken or self._given_up(request_id) or self._fraction not in (None, told)

        while True:
            with self._state:
                self._state.wait_for(news)
                if self._given_up(request_id):
                    return False
                if not self._taken:
                    self._taken = True
                    return True
                told = self._fraction
            if told is not None:
                yield Loading(request_id, self._spec.name, told)

    def _end_turn(self) -> None:
        with self._state:
            self._taken, self._fraction, self._current = False, None, ""
            self._state.notify_all()

    def _exchange(self, request: Request, asked: float) -> Iterator[EngineEvent]:
        waits = not self._loaded
        worker = yield from self._ready_worker(request.id)
        if worker is None:
            yield Cancelled(request.id)
            return
        load_ms = (time.perf_counter() - asked) * 1000 if waits else 0.0
        ended = False
        try:
            self._submit(worker, request)
            while not ended:
                event = self._received(worker)
                if event is None:
                    ended = True
                    self._bury(worker, request.id)
                    yield Cancelled(request.id)
                elif event.request == request.id:  # others belong to a request that was left early
                    ended = isinstance(event, Generated | Cancelled | Failed)
                    yield self._noted(event, load_ms)
        finally:
            if not ended:
                _order(worker, Cancel(request.id))

    def _ready_worker(self, request_id: str) -> Generator[Loading, None, WorkerProcess | None]:
        """A worker with the model in its memory; None where the request was given up meanwhile. Raises ModelError."""
        worker = self._worker_for(request_id)
        if worker is None or self._loaded:
            return worker
        yield self._loading(request_id, 0.0)
        while True:
            match self._received(worker):
                case None:
                    self._bury(worker, request_id)
                    return None
                case LoadFailed(error=failure):
                    self._discard(worker)
                    raise failure
                case LoadProgress(fraction):
                    yield self._loading(request_id, fraction)
                case Ready(device):
                    with self._state:
                        self._loaded, self._device = True, device
                    return worker

    def _loading(self, request_id: str, fraction: float) -> Loading:
        """How far the model is, for this request and for those that wait."""
        with self._state:
            self._fraction = fraction
            self._state.notify_all()
        return Loading(request_id, self._spec.name, fraction)

    def _worker_for(self, request_id: str) -> WorkerProcess | None:
        """A worker for this request, started where there is none; None where the request was given up meanwhile."""
        with self._state:
            if self._worker is None:
                pause = BACK_OFF_S[min(self._deaths, len(BACK_OFF_S) - 1)]
                self._state.wait_for(lambda: self._given_up(request_id), timeout=pause)
            if self._given_up(request_id):
                return None
            if self._worker is None:
                try:
                    self._worker = WorkerProcess(self._spec)
                except OSError as error:
                    raise EngineFailure(f"the engine process cannot be started: {error.strerror}", cure="ask again") from error
            self._current = request_id
            return self._worker

    def _given_up(self, request_id: str) -> bool:
        return self._closed or request_id in self._cancelled

    def _submit(self, worker: WorkerProcess, request: Request) -> None:
        _order(worker, request)
        with self._state:
            cancelled = request.id in self._cancelled
        if cancelled:  # by someone whose order may have arrived before the request did
            _order(worker, Cancel(request.id))

    def _received(self, worker: WorkerProcess) -> Any:
        """The worker's next report, None once it is gone. One that talks garbage is as good as gone."""
        try:
            return worker.channel.receive()
        except GarbledFrame:
            worker.kill()
            return None
        except BaseException:  # Ctrl-C, perhaps inside a frame: what follows could not be told from the next one
            self._discard(worker)
            raise

    def _noted(self, event: EngineEvent, load_ms: float) -> EngineEvent:
        """The event, with the time that this request waited for the model."""
        if not isinstance(event, Generated):
            return event
        self._deaths = 0
        timings = event.timings
        return replace(
            event,
            timings=replace(
                timings,
                load_ms=load_ms,
                first_token_ms=timings.first_token_ms + load_ms,
                total_ms=timings.total_ms + load_ms,
            ),
        )

    def _discard(self, worker: WorkerProcess) -> bool:
        """Let go of a worker that has ended; whether it had loaded its model."""
        with self._state:
            was_loaded = self._loaded
            if self._worker is worker:
                self._worker = None
            self._loaded = False
        worker.close()
        return was_loaded

    def _bury(self, worker: WorkerProcess, request_id: str) -> None:
        """Let go of a worker that is gone. Raises what its death means, unless the request had been given up."""
        was_loaded = self._discard(worker)
        with self._state:
            if self._given_up(request_id):
                return
            self._deaths += 1
        raise self._death(worker.epitaph(), was_loaded)

    def _death(self, epitaph: str, was_loaded: bool) -> SightlineError:
        if was_loaded:
            return EngineFailure(
                f"the engine process died while answering ({epitaph})",
                cure=f"ask again: it is started anew; {quoted(log_file())} has more",
            )
        return ModelError(
            f"the engine process died while loading {quoted(self._spec.text)} ({epitaph})",
            cure=f"a smaller model may fit the memory; sightline models check looks for damage; {quoted(log_file())} has more",
        )


def _order(worker: WorkerProcess, order: Request | Cancel) -> None:
    """Send; where the worker is gone, `receive` is who finds out."""
    with contextlib.suppress(OSError):
        worker.channel.send(order)
