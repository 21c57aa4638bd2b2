"""The parser on the project's own corpus: every form that models answer in, once or more, with what must come of it.

A case is two files in tests/ask/parsing/corpus: `NAME.txt`, a model's words as they would come, and `NAME.toml`, what must be
found in them and what must be said about them. A case is right where both are, to the last label, attribute and warning.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.ask.parsing import FindingParser
from backend.scene import Box, Finding, Picture, Point, Units, View

CORPUS = Path(__file__).resolve().parents[2] / "tests" / "ask" / "parsing" / "corpus"


@dataclass(frozen=True, slots=True)
class Case:
    """One answer and what must come of it."""

    name: str
    text: str
    views: tuple[View, ...]
    found: tuple[dict[str, Any], ...]
    """For each finding its kind and place (`box`, `point` or `solid`; pixels, or metres and radians), label, and the rest."""
    warnings: tuple[str, ...]
    """Words of each warning, in order."""
    answer: str | None
    """What is left without the reasoning; None where it does not matter."""
    streamed: bool
    """Whether it must be read so letter by letter as well."""


@dataclass(frozen=True, slots=True)
class Score:
    """How many of the cases are read right, and what is wrong with the others."""

    right: int
    cases: int
    wrong: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.right} of {self.cases}"


def cases(folder: Path = CORPUS) -> Iterator[Case]:
    """All of them, by name. Raises FileNotFoundError where a text has no expectation beside it."""
    for path in sorted(folder.glob("*.txt")):
        wanted = tomllib.loads(path.with_suffix(".toml").read_text("utf-8"))
        sizes = wanted.get("sizes", [wanted.get("size", [1000, 1000])])
        yield Case(
            name=path.stem,
            text=path.read_text("utf-8"),
            views=tuple(_view(size, wanted.get("raster")) for size in sizes),
            found=tuple(wanted.get("found", [])),
            warnings=tuple(wanted.get("warnings", [])),
            answer=wanted.get("answer"),
            streamed=wanted.get("streamed", True),
        )


def _view(size: Sequence[int], raster: Sequence[int] | None) -> View:
    """The whole picture; numbers are pixels where a raster is given, else 0…1000."""
    picture = Picture("", size[0], size[1], b"", "")
    across, down = raster or size
    return View(picture, picture.whole(), across, down, Units.PIXELS if raster else Units.REL1000)


def fault(case: Case, piece: int | None = None) -> str | None:
    """What is wrong with how the parser reads it, whole or in pieces of that many letters; None where nothing is."""
    parser = FindingParser(case.views)
    step = piece or max(1, len(case.text))
    for at in range(0, len(case.text), step):
        parser.feed(case.text[at : at + step])
    parser.finish()
    found = [_described(finding) for finding in parser.findings]
    wanted = [{"label": "", "picture": 1, "attributes": {}, **one} for one in case.found]
    if found != wanted:
        return f"{case.name}: found {found}, not {wanted}"
    if len(parser.warnings) != len(case.warnings) or not all(map(str.__contains__, parser.warnings, case.warnings)):
        return f"{case.name}: warned {list(parser.warnings)}, not {list(case.warnings)}"
    if case.answer is not None and parser.text.strip() != case.answer:
        return f"{case.name}: took {parser.text.strip()!r} for the answer"
    return None


def _described(finding: Finding) -> dict[str, Any]:
    match finding:
        case Box():
            place: dict[str, Any] = {"box": [round(side, 2) for side in finding.corners]}
        case Point():
            place = {"point": [round(finding.x, 2), round(finding.y, 2)]}
        case _:
            turns = (finding.pitch, finding.yaw, finding.roll)
            place = {"solid": [round(number, 3) for number in (*finding.centre, *finding.size, *turns)]}
    return {**place, "label": finding.label, "picture": finding.picture + 1, "attributes": dict(finding.attributes)}


def score() -> Score:
    """The line of docs/accuracy.md: each case counts once, and is right where it is read right whole and letter by letter."""
    every = list(cases())
    wrong = [said for case in every if (said := fault(case) or (fault(case, 1) if case.streamed else None))]
    return Score(len(every) - len(wrong), len(every), tuple(wrong))
