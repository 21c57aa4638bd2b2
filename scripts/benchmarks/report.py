"""The tables of docs/benchmarks.md, made from the JSON files of the runs. The words around them are written by hand.

A missed line needs its reason. The last column is for that, and what was written there is kept when the figures are refreshed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .figures import Figure, number
from .goals import Goal, goals
from .sheet import Sheet

_BEGIN, _END = "<!-- figures -->", "<!-- end of figures -->"
MISSING = "reason to be written here"
_NO_GPU = (
    "**Nothing was measured on a GPU.** No figure above stands for one;"
    " `scripts/bench --gpu` fills this table where a GPU can be used."
)


@dataclass(frozen=True, slots=True)
class Run:
    """One JSON file, or several of one kind of machine laid over each other."""

    made: str
    machine: Mapping[str, str]
    setting: Mapping[str, Any]
    sheets: Mapping[str, Sheet]

    @property
    def on_gpu(self) -> bool:
        return bool(self.setting["gpu"])


def read(path: Path) -> Run:
    """One file as `scripts/bench --out` wrote it."""
    data = json.loads(path.read_text("utf-8"))
    sheets = {name: Sheet.of_dict(sheet) for name, sheet in data["benchmarks"].items()}
    return Run(data["made"], data["machine"], data["setting"], sheets)


def together(runs: Iterable[Run]) -> Run | None:
    """Later runs replace whole benchmarks of earlier ones: sides of two runs were not measured in turn and do not compare."""
    merged: Run | None = None
    for run in sorted(runs, key=lambda run: run.made):
        merged = Run(run.made, run.machine, run.setting, {**(merged.sheets if merged else {}), **run.sheets})
    return merged


def refresh(document: Path, files: Iterable[Path]) -> None:
    """Put the tables of these files between the document's marks."""
    text = document.read_text("utf-8")
    before, rest = text.split(_BEGIN, 1)
    old, after = rest.split(_END, 1)
    runs = [read(path) for path in files]
    tables = rendered(
        together(run for run in runs if not run.on_gpu), together(run for run in runs if run.on_gpu), reasons(old)
    )
    document.write_text(f"{before}{_BEGIN}\n{tables}\n{_END}{after}", "utf-8")


def reasons(text: str) -> dict[str, str]:
    """What stands in the last column, by heading and line."""
    found: dict[str, str] = {}
    heading = ""
    for line in text.splitlines():
        if line.startswith("### "):
            heading = line[4:].strip()
        elif match := re.fullmatch(r"\|(?P<words>[^|]+)\|.*\|(?P<why>[^|]*)\|", line):
            found[f"{heading}: {match['words'].strip()}"] = match["why"].strip()
    return found


def rendered(cpu: Run | None, on_gpu: Run | None, kept: Mapping[str, str]) -> str:
    """Both tables and, below each, every series behind it."""
    parts = []
    for title, run, lines in (("CPU", cpu, goals(on_gpu=False)), ("GPU", on_gpu, goals(on_gpu=True))):
        parts += [f"### {title}", ""]
        if run is None and title == "GPU":
            parts += [_NO_GPU, ""]
        sheets = run.sheets if run else {}
        parts += _machine(run) if run else []
        parts += ["| line | goal | measured | | why, where it was missed |", "|---|---|---|---|---|"]
        parts += [_row(goal, sheets, kept.get(f"{title}: {goal.words}", "")) for goal in lines]
        parts += ["", *(_details(run) if run else [])]
    return "\n".join(parts).rstrip()


def _row(goal: Goal, sheets: Mapping[str, Sheet], why: str) -> str:
    measured = goal.measure(sheets)
    verdict = {True: "met", False: "**missed**", None: ""}[measured.met]
    if measured.met is False and not why:
        why = MISSING
    elif measured.met and why == MISSING:
        why = ""
    return f"| {goal.words} | {goal.goal} | {_cell(measured.words)} | {verdict} | {why} |"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "∕").split())


def _machine(run: Run) -> list[str]:
    lines = [f"Measured on {run.made[:10]}{', quick run' if run.setting.get('quick') else ''}:", ""]
    return [*lines, *(f"- {name}: {_cell(value)}" for name, value in run.machine.items()), ""]


def _details(run: Run) -> list[str]:
    """Every series: least, median, most."""
    lines = ["<details><summary>every series</summary>", "", "| benchmark | side and quantity | least | median | most | |"]
    lines.append("|---|---|---|---|---|---|")
    for name, sheet in run.sheets.items():
        for title, series in sheet.series.items():
            figure = Figure.of(series.values)
            spread = " | ".join(number(value) for value in (figure.least, figure.median, figure.most))
            lines.append(f"| {name} | {_cell(title)} | {spread} | {series.unit}, {figure.count}× |")
        lines += [f"| {name} | {_cell(fact)} | | {_cell(value)} | | |" for fact, value in sheet.facts.items()]
        lines += [f"| {name} | {_cell(side)} failed | | | | {_cell(why)} |" for side, why in sheet.failures.items()]
    return [*lines, "", "</details>", ""]
