"""Findings as CSV (RFC 4180, UTF-8): a row each, of all answers, with the columns that its kind has.

A text that a spreadsheet would take for a formula has an apostrophe put before it: labels are a model's words, and opening a
table must not run them.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from backend.answer import Answer
from backend.scene import Box, Box3D, Finding, Point

COLUMNS = (
    *("answer", "question", "task", "model", "seed"),
    *("picture", "picture_width", "picture_height", "picture_sha256", "time_s"),
    *("kind", "id", "label", "confidence", "found_by"),
    *("x1", "y1", "x2", "y2"),
    *("centre_x_m", "centre_y_m", "centre_z_m", "size_x_m", "size_y_m", "size_z_m", "pitch_rad", "yaw_rad", "roll_rad"),
    *("attributes", "claims"),
)
"""docs/guide/export.md describes each. x1 … y2: pixels of the upright original; of a point x1 = x2 and y1 = y2."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(answers: Sequence[Answer]) -> str:
    """The whole file; of answers without findings the header alone."""
    written = io.StringIO(newline="")
    rows = csv.DictWriter(written, COLUMNS, restval="")
    rows.writeheader()
    for number, answer in enumerate(answers, 1):
        for row in _rows(answer):
            rows.writerow({"answer": number, **{key: _harmless(value) for key, value in row.items()}})
    return written.getvalue()


def _rows(answer: Answer) -> Iterator[dict[str, Any]]:
    asked = {"question": answer.question, "task": answer.task, "model": dict(answer.model).get("name", "")}
    if answer.asked is not None:
        asked["seed"] = str(answer.asked.seed)
    for finding in answer.findings:
        yield {**asked, **_seen(answer, finding), **_place(finding), "claims": _claims(answer, finding.id)}


def _seen(answer: Answer, finding: Finding) -> dict[str, Any]:
    """Where a finding lies, and what is known of it."""
    told: dict[str, Any] = {
        "id": finding.id,
        "label": finding.label,
        "confidence": "" if finding.confidence is None else round(finding.confidence, 4),
        "attributes": json.dumps(dict(finding.attributes), ensure_ascii=False) if finding.attributes else "",
    }
    if 0 <= finding.picture < len(answer.pictures):
        picture = answer.pictures[finding.picture]
        told |= {
            "picture": picture.path,
            "picture_width": picture.width,
            "picture_height": picture.height,
            "picture_sha256": picture.sha256,
            "time_s": "" if picture.time is None else round(picture.time, 3),
        }
    return told


def _place(finding: Finding) -> dict[str, Any]:
    match finding:
        case Box():
            corners = {key: round(value, 2) for key, value in zip(("x1", "y1", "x2", "y2"), finding.corners, strict=True)}
            return {"kind": "box", "found_by": finding.found_by, **corners}
        case Point():
            x, y = round(finding.x, 2), round(finding.y, 2)
            return {"kind": "point", "found_by": "model", "x1": x, "y1": y, "x2": x, "y2": y}
        case Box3D():
            numbers = (*finding.centre, *finding.size, finding.pitch, finding.yaw, finding.roll)
            keys = COLUMNS[COLUMNS.index("centre_x_m") : COLUMNS.index("roll_rad") + 1]
            return {"kind": "box3d", "found_by": "model", **dict(zip(keys, numbers, strict=True))}


def _claims(answer: Answer, finding: str) -> str:
    """The claims that speak of it, each with what geometry says: `red circle left_of blue square: confirmed`."""
    said = []
    for claim in answer.claims:
        if finding and finding in (claim.subject_id, claim.object_id, claim.other_id):
            ruling = claim.verdict.ruling.value if claim.verdict else "not checked"
            words = ("not" if claim.negated else "", claim.subject, claim.relation, claim.object, claim.other)
            said.append(f"{' '.join(filter(None, words))}: {ruling}")
    return "; ".join(said)


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
