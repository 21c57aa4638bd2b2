"""Rows → the figures that the tables show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from scripts.evaluation.answers import Row
from scripts.evaluation.families import FAMILIES

_TOGETHER: tuple[tuple[str, Callable[[Row], bool]], ...] = (
    ("**left, right, above, below**", lambda row: row.in_plane),
    ("**depth and hiding**", lambda row: not row.in_plane),
    ("all", lambda _row: True),
)


def of_answers(rows: Sequence[Row]) -> dict[str, Any]:
    """Wrong answers caught and right ones doubted, by family and in all; and what the mirrored picture shows alone.

    Only claims that the true boxes decide count: where they do not, nobody can be wrong by more than σ.
    """
    clear = [row for row in rows if row.clear]
    looks = {True: "with second looks", False: "without"}
    lines = [
        {"family": name, "looks": looks[second], **_caught(row for row in clear if row.second_looks == second and fits(row))}
        for second in (True, False)
        for name, fits in (*((family.name, _of(family.name)) for family in FAMILIES), *_TOGETHER)
    ]
    return {"verdicts": lines, "mirrored": _mirrored(row for row in clear if row.second_looks and row.beside)}


def _of(family: str) -> Callable[[Row], bool]:
    return lambda row: row.family == family


def _caught(rows: Iterable[Row]) -> dict[str, Any]:
    wrong: list[Row] = []
    right: list[Row] = []
    for row in rows:
        (right if row.true else wrong).append(row)
    return {
        "wrong": len(wrong),
        "caught": sum(row.doubted for row in wrong),
        "wrong, contradicted": sum(row.held == "contradicted" for row in wrong),
        "wrong, confirmed": sum(row.held == "confirmed" for row in wrong),
        "right": len(right),
        "false alarms": sum(row.held == "contradicted" for row in right),
        "right, taken back": sum(row.disagreed for row in right),
        "right, confirmed": sum(row.held == "confirmed" for row in right),
    }


def _mirrored(rows: Iterable[Row]) -> dict[str, Any]:
    asked = [row for row in rows if row.mirrored is not None]
    wrong, right = [row for row in asked if not row.true], [row for row in asked if row.true]
    return {
        "wrong": len(wrong),
        "flagged": sum(row.mirrored is False for row in wrong),
        "right": len(right),
        "right, flagged": sum(row.mirrored is False for row in right),
    }
