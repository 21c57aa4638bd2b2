"""How soon a question is over after it was cancelled, at random moments of its three phases, and whether the next is exact.

Moments are drawn between the first sign of a phase and most of its usual length; a question that was faster than its cancel
does not count. The next answer is compared with the one that was given before anything was disturbed.
"""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass

from backend.engine.api import Request
from backend.events import Cancelled, Encoding, EngineEvent, Failed, Generated, Prefilling, Token

from .asking import of
from .bare import LONG
from .setting import QUESTIONS, Setting, drawn
from .sheet import Sheet
from .sides import Ours, SideFailed, limited, request, running

CANCEL = "from cancel to the end"
PHASES = ("generating", "prefill", "encode")
_CHECKED = 8
"""Tokens of the answers that are compared."""


@dataclass(slots=True)
class _Attempt:
    """One question and its cancel."""

    reached: bool = False
    """The phase was going on when the cancel was sent."""
    latency_ms: float | None = None


def cancel(setting: Setting, sheet: Sheet) -> None:
    """All three phases; the fewest attempts in the encode, each of which costs one."""
    moments = 6 if setting.quick else 30
    rng = random.Random(1)
    ours = Ours(setting)
    with running(sheet, ours) as alive:
        if not alive:
            return
        known = drawn(5000, setting.image_tokens)
        usual = ours.ask([known], QUESTIONS[0], _CHECKED)
        lengths = _lengths(ours, setting)
        same = compared = 0
        for phase in PHASES:
            counted = 0
            for number in range(2 * moments):
                if counted == moments:
                    break
                tried = _try(ours, setting, phase, number, rng.uniform(0, 0.8) * lengths[phase])
                if tried.latency_ms is not None and tried.reached:
                    sheet.add(of(ours, f"{phase}: {CANCEL}"), "ms", tried.latency_ms)
                    counted += 1
                    if counted % 3 == 0:
                        again = ours.ask([known], QUESTIONS[0], _CHECKED)
                        same += again.text == usual.text
                        compared += 1
        sheet.fact("answers after a cancel that equal the undisturbed one", f"{same} of {compared}")
        sheet.add(of(ours, "exact after a cancel"), "share", same / max(1, compared))


def _request(setting: Setting, phase: str, number: int) -> Request:
    """A question whose cache and embeddings hold nothing that would shorten the phase."""
    if phase == "generating":
        return request([drawn(5000, setting.image_tokens)], f"{QUESTIONS[1]} {number}", 64)
    if phase == "prefill":
        return request([], f"{number}. {LONG} {LONG}", 4)
    return request([drawn(6000 + number, setting.image_tokens)], QUESTIONS[0], 4)


def _in_phase(phase: str, event: EngineEvent) -> bool:
    match phase:
        case "generating":
            return isinstance(event, Token)
        case "prefill":
            return isinstance(event, Prefilling)
    return isinstance(event, Encoding)


def _past(phase: str, event: EngineEvent) -> bool:
    """Whether the event belongs to what comes after the phase."""
    if isinstance(event, Generated):
        return True
    return isinstance(event, Token) and phase != "generating"


def _lengths(ours: Ours, setting: Setting) -> dict[str, float]:
    """Seconds that each phase takes, from its first sign to the first sign of what follows."""
    lengths = {}
    for phase in PHASES:
        began = ended = 0.0
        with limited(setting.limit_s, ours.close):
            for event in ours.engine.run(_request(setting, phase, 999)):
                if isinstance(event, Failed):
                    raise SideFailed(event.error.message)
                if _in_phase(phase, event):
                    began = began or time.perf_counter()
                    if phase == "encode":
                        ended = time.perf_counter()
                elif _past(phase, event):
                    ended = ended or time.perf_counter()
        lengths[phase] = max(0.0, ended - began)
    return lengths


def _try(ours: Ours, setting: Setting, phase: str, number: int, after_s: float) -> _Attempt:
    """Ask, wait for the phase, wait `after_s` more, cancel, and take the time until the stream ends."""
    asked = _request(setting, phase, number)
    tried = _Attempt()
    cancelled_at = 0.0
    over = threading.Event()

    def send() -> None:
        nonlocal cancelled_at
        if not over.is_set():
            cancelled_at = time.perf_counter()
            ours.engine.cancel(asked.id)

    timer = threading.Timer(after_s, send)
    timer.daemon = True
    passed = False
    with limited(setting.limit_s, ours.close):
        for event in ours.engine.run(asked):
            if not tried.reached and _in_phase(phase, event):
                tried.reached = True
                timer.start()
            if _past(phase, event) and not cancelled_at:
                passed = True
            if isinstance(event, Failed):
                raise SideFailed(event.error.message)
            if isinstance(event, Cancelled) and cancelled_at and not passed:
                tried.latency_ms = (time.perf_counter() - cancelled_at) * 1000
    over.set()
    timer.cancel()
    return tried
