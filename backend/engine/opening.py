"""Which kind of worker a model gets: a large one is shared by the user's sessions, a small one is private to each.

A small model is read as quickly as a process starts, and costs next to nothing twice: a worker that stays behind would
surprise more than it saves. One that is running anyway (`sightline serve`) is used.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

from backend.engine.api import ModelSpec
from backend.engine.link import Worker
from backend.engine.process import WorkerProcess
from backend.engine.rendezvous import connected, socket_of
from backend.engine.shared import SharedWorker
from backend.engine.supervisor import WorkerEngine
from backend.errors import EngineFailure, UsageError
from backend.language import _

SMALL = 256 << 20
"""Bytes of weights up to which a model stays private."""

KINDS = ("auto", "shared", "private")


def open_engine(spec: ModelSpec) -> WorkerEngine:
    """An engine for that model, which is loaded when it is needed."""
    start: Callable[[ModelSpec], Worker] = SharedWorker if is_shared(spec) else WorkerProcess
    return WorkerEngine(placed(spec), start)


def placed(spec: ModelSpec) -> ModelSpec:
    """The spec with paths that mean the same to every session."""
    return replace(spec, text=spec.text.absolute(), mmproj=spec.mmproj.absolute())


def is_shared(spec: ModelSpec) -> bool:
    """Whether the user's sessions share one worker for this model. Raises UsageError for an unknown SIGHTLINE_ENGINE."""
    wanted = os.environ.get("SIGHTLINE_ENGINE") or "auto"
    if wanted not in KINDS:
        raise UsageError(
            _("SIGHTLINE_ENGINE={wanted} is no kind of engine").format(wanted=wanted),
            cure=_("unset it, or use one of: {kinds}").format(kinds=", ".join(KINDS)),
        )
    if wanted != "auto":
        return wanted == "shared"
    return sum(path.stat().st_size for path in (spec.text, spec.mmproj) if path.exists()) > SMALL or _listens(spec)


def is_running(spec: ModelSpec) -> bool:
    """Whether a worker for this model is running that we would share: it needs no more memory, then."""
    return is_shared(spec) and _listens(spec)


def _listens(spec: ModelSpec) -> bool:
    try:
        end = connected(socket_of(placed(spec)), patience_s=1.0)
    except (OSError, EngineFailure):
        return False  # whoever opens the engine is told
    if end is not None:
        end.close()
    return end is not None
