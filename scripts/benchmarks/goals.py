"""Every line that the engine has to meet, and how it is read off the sheets. The report and nothing else asks this module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from . import asking, bare, cancelling, folder, gpu, interface, memory, pictures, sessions
from .asking import of
from .figures import Figure, number, percentile, ratios
from .sheet import Sheet

Against = Literal["≤", "≥", "within", "beside"]


@dataclass(frozen=True, slots=True)
class Measured:
    """One line's outcome."""

    words: str
    met: bool | None
    """None where nothing was measured, or where there is nothing to meet."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One line: a series, or one series against another, or a percentile of one."""

    words: str
    benchmark: str
    series: str
    goal: str
    """As it is written in the table."""
    against: Against
    limit: float = 0.0
    other: str = ""
    """The series it is divided by, turn by turn."""
    percent: float = 0.0
    """Which percentile counts; 0 is the median."""

    def measure(self, sheets: Mapping[str, Sheet]) -> Measured:
        sheet = sheets.get(self.benchmark)
        values = sheet.values(self.series) if sheet else []
        others = sheet.values(self.other) if sheet and self.other else []
        if sheet is None or not values or (self.other and not others):
            failures = "; ".join(f"{side}: {why}" for side, why in sheet.failures.items()) if sheet else ""
            return Measured(f"not measured{f' ({failures})' if failures else ''}", None)
        if self.other:
            return self._ratio(sheet, values, others)
        figure, unit = Figure.of(values), sheet.series[self.series].unit
        if self.percent:
            worth = percentile(values, self.percent)
            words = f"p{self.percent:g} {number(worth)} {unit}, p50 {number(figure.median)}, at most {number(figure.most)}"
            return Measured(f"{words} ({figure.count} values)", self._met(worth))
        span = f" ({number(figure.least)}…{number(figure.most)}, {figure.count}×)" if figure.count > 1 else ""
        return Measured(f"{number(figure.median)} {unit}{span}", self._met(figure.median))

    def _ratio(self, sheet: Sheet, values: list[float], others: list[float]) -> Measured:
        figure = Figure.of(ratios(values, others))
        mine, theirs = Figure.of(values), Figure.of(others)
        unit = sheet.series[self.series].unit
        span = f"{number(figure.least)}…{number(figure.most)}, {figure.count}×"
        words = f"{number(figure.median)} ({span}): {number(mine.median)} against {number(theirs.median)} {unit}"
        return Measured(words, self._met(figure.median))

    def _met(self, value: float) -> bool | None:
        match self.against:
            case "≤":
                return value <= self.limit
            case "≥":
                return value >= self.limit
            case "within":
                return abs(value - 1) <= self.limit
        return None


_OURS, _STOCK, _SERVER = "sightline", "MTMDChatHandler", "llama-server"


def goals(*, on_gpu: bool) -> tuple[Goal, ...]:
    """All lines, in the order of the issue."""
    cancels = 100.0 if on_gpu else 300.0
    lines = [
        Goal(
            "later question on one picture, time to first token: ours / stock handler",
            *("later-question", of(_OURS, asking.LATER), "≤ 1/10", "≤", 0.1, of(_STOCK, asking.LATER)),
        ),
        Goal(
            "the same: ours / llama-server with its prompt cache",
            *("later-question", of(_OURS, asking.LATER), "≤ 1", "≤", 1.0, of(_SERVER, asking.LATER)),
        ),
        Goal(
            "going back to an earlier picture: that / encoding it anew",
            *("switch", of(_OURS, asking.BACK), "≤ 1/10", "≤", 0.1, of(_OURS, asking.NEW)),
        ),
        Goal(
            "eight questions: one by one / at once",
            *("batch", of(_OURS, asking.ONE_BY_ONE), "≥ 4" if on_gpu else "≥ 1.7", "≥", 4.0 if on_gpu else 1.7),
            of(_OURS, asking.TOGETHER),
        ),
        Goal(
            "a folder of pictures, demo model: `ask` in a loop / `batch`",
            *("batch-folder", of(_OURS, folder.LOOP), "≥ 2", "≥", 2.0, of(_OURS, folder.batched(1))),
        ),
        Goal(
            "the same, one picture at a time / four at once",
            *("batch-folder", of(_OURS, folder.batched(1)), "none set", "beside", 0.0, of(_OURS, folder.batched(4))),
        ),
        Goal(
            "peak memory of an encode: ours / llama-server",
            *("encode-memory", of(_OURS, memory.PEAK), "≤ 1", "≤", 1.0, of(_SERVER, memory.PEAK)),
        ),
        Goal(
            "what the encode adds to it: ours / llama-server",
            *("encode-memory", of(_OURS, memory.GROWTH), "≤ 1", "≤", 1.0, of(_SERVER, memory.GROWTH)),
        ),
        Goal(
            "a decode step: ours, as it arrives / llama_decode alone",
            *("overhead", of(_OURS, bare.STEP), "≤ 1.03", "≤", 1.03, of(bare.BARE, bare.STEP)),
        ),
    ]
    lines += [
        Goal(
            f"lag of the interface while {phase}",
            *("lag", of(_OURS, f"{phase}: {interface.LAG}"), "p99 ≤ 16 ms", "≤", 16.0),
            percent=99,
        )
        for phase in interface.PHASES
    ]
    lines += [
        Goal(
            f"a key, until the screen shows it, while {phase}",
            *("keys", of(_OURS, f"{phase}: {interface.KEY}"), "p99 ≤ 16 ms", "≤", 16.0),
            percent=99,
        )
        for phase in interface.PHASES
    ]
    lines += [
        Goal(
            "enlarging the picture by a key, while generating",
            *("keys", of(_OURS, f"generating: {interface.CLOSER}"), "≤ 30 ms", "≤", 30.0),
        ),
        Goal("first paint of the app", "start", of(_OURS, interface.PAINT), "≤ 400 ms", "≤", 400.0),
        Goal("`sightline --help`", "start", of(_OURS, interface.HELP), "≤ 150 ms", "≤", 150.0),
    ]
    for phase, limit in zip(cancelling.PHASES, (100.0, cancels, cancels), strict=True):
        series = of(_OURS, f"{phase}: {cancelling.CANCEL}")
        lines.append(
            Goal(f"cancel, {phase}: until it is over", "cancel", series, f"p95 ≤ {limit:.0f} ms", "≤", limit, percent=95)
        )
    lines += [
        Goal(
            "answers after a cancel that equal the undisturbed one",
            *("cancel", of(_OURS, "exact after a cancel"), "all", "≥", 1.0),
        ),
        Goal("second session, start to ready", "second-session", of(_OURS, sessions.SECOND), "≤ 1 s", "≤", 1000.0),
    ]
    return (*lines, *_picture_goals(), *(_gpu_goals() if on_gpu else ()))


def _picture_goals() -> tuple[Goal, ...]:
    first, later = pictures.FIRST, pictures.LATER
    lines = []
    for name in pictures.FORMATS:
        lines += [
            Goal(
                f"24 megapixels, {name}, from the file to cells: {what}",
                *("preview", of(_OURS, f"{name}, {what}"), f"≤ {limit:.0f} ms", "≤", limit),
            )
            for what, limit in ((first, 150.0), (later, 30.0))
        ]
        lines += [
            Goal(
                f"24 megapixels, {name}, {first}: ours / {side}",
                *("preview", of(_OURS, f"{name}, {first}"), "≤ 1", "≤", 1.0, of(side, f"{name}, {first}")),
            )
            for side in ("textual-image", "chafa")
        ]
    return (
        *lines,
        Goal(
            f"24 megapixels, {pictures.GLIMPSE}",
            *("preview", of(_OURS, pictures.GLIMPSE), "≤ 150 ms", "≤", 150.0),
        ),
        Goal(
            f"kept of {pictures.VIEWED} pictures that were looked at",
            *("preview", of("caches", pictures.MEMORY), "≤ 464 MiB", "≤", 464.0),
        ),
        Goal(
            f"resident memory of the app after {pictures.VIEWED} pictures",
            *("preview", of("the app", pictures.MEMORY), f"≤ {pictures.HOLDS_MIB} MiB", "≤", float(pictures.HOLDS_MIB)),
        ),
        Goal(pictures.LISTED, "folder", of(_OURS, pictures.LISTED), "≤ 1 s", "≤", 1000.0),
        Goal(pictures.OPENED, "folder", of(_OURS, pictures.OPENED), "≤ 1 s", "≤", 1000.0),
        Goal(f"{pictures.HELD_UP}, at most", "folder", of(_OURS, pictures.HELD_UP), "≤ 50 ms", "≤", 50.0),
    )


def _gpu_goals() -> tuple[Goal, ...]:
    return (
        Goal(
            "GPU memory: used / estimated",
            *("device-memory", of(_OURS, gpu.VRAM), "within 10 %", "within", 0.1, of(_OURS, gpu.ESTIMATE)),
        ),
        Goal("layers on the GPU", "device-memory", of(_OURS, gpu.OFFLOADED), "all", "≥", 1.0),
        Goal("tokens per second", "latency", of(_OURS, gpu.RATE), "none set", "beside"),
        Goal("one picture, time to first token", "latency", of(_OURS, gpu.ONE), "beside the tutorial's 80 ms", "beside"),
        Goal("three pictures, time to first token", "latency", of(_OURS, gpu.THREE), "beside the tutorial's 220 ms", "beside"),
    )
