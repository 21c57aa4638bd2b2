"""`python -m scripts.environment run|dev [--again] [--fresh]`: what the shell scripts call when there is something to do.

One set-up at a time: a second one waits for the first and then finds nothing left to do.
"""

from __future__ import annotations

import fcntl
import math
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

from . import flavour as flavours
from . import peers
from .install import Installation, cores, steps, tool_environment
from .narration import Narration
from .place import KINDS, Place, SetupProblem
from .prerequisites import need_compilers, need_venv

_COMPILER_MINUTES = 4.5
"""Processor minutes that llama.cpp takes for the CPU, measured on a 2-core machine."""


def _hold(place: Place) -> int:
    """The lock of this environment; waits for a set-up that is already running. Released when the process ends."""
    descriptor = os.open(place.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("sightline: another set-up is at work here; waiting for it", file=sys.stderr, flush=True)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def set_up(place: Place, kind: str, *, again: bool, fresh: bool) -> None:
    """Bring `place` to readiness for `kind`. `again` looks anew at a ready environment, `fresh` starts from nothing."""
    place.claim()
    lock = _hold(place)
    forced = os.environ.get("SIGHTLINE_BUILD", "")
    if place.ready(kind) and forced in ("", place.flavour) and not (again or fresh):
        return
    need_venv()
    environment = tool_environment(place)
    flavour = flavours.choose(forced, flavours.driver_answers(), flavours.find_nvcc(environment))
    update = place.can_be_updated() and not fresh
    if not update:
        need_compilers(environment)
    narration = Narration(place.log, steps(kind))
    try:
        work = _COMPILER_MINUTES + (peers.MINUTES if kind == "dev" else 0)
        minutes = math.ceil(1 + work / cores())
        once = "bringing it up to date" if update else f"once, about {minutes} minutes on {cores()} cores"
        narration.say(f"setting up {place.venv} ({once}; log in setup.log there)")
        place.mark_unready()
        if not update:
            place.clear()
        _install(Installation(place, kind, flavour, narration, lock, environment))
        narration.say(f"ready after {narration.minutes()}")
    finally:
        narration.close()


def _install(installation: Installation) -> None:
    """All steps, then the marks: an interruption anywhere leaves none, and the next run starts from nothing."""
    place = installation.place
    kinds = KINDS if installation.kind == "dev" else (installation.kind,)
    installation.make_tools()
    descriptions = {kind: place.description(kind) for kind in kinds}
    installation.make_llama()
    installation.make_packages()
    installation.make_sightline()
    if installation.kind == "dev":
        installation.make_peers()
    for kind, description in descriptions.items():
        place.mark_ready(kind, description)


def _stopped(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def main(arguments: list[str]) -> int:
    kind, options = arguments[0], set(arguments[1:])
    root = Path.cwd().resolve()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stopped)
    try:
        set_up(Place(root, Path(os.environ["SIGHTLINE_VENV"])), kind, again="--again" in options, fresh="--fresh" in options)
    except SetupProblem as problem:
        print(f"sightline: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nsightline: set-up was interrupted; the next run starts it again", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
