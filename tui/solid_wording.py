"""What is said below an answer with 3D boxes: the camera, whose metres they are, and geometry's checks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from textual.content import Content

from backend.answer import Answer
from backend.sanitise import one_line
from backend.scene import Check, Finding, Ruling
from tui.glyphs import Glyphs

_FINDING = re.compile(r"\b[bs]\d+\b")
_SAID = {"projection": "projects onto", "ground": "stands on the ground"}


def checked(answer: Answer, findings: Sequence[Finding], glyphs: Glyphs) -> Content:
    """One line for the camera and for each check, and its reason unless it is confirmed (the JSON has them all); findings are
    called by their numbers in the picture."""
    camera = answer.pictures[0].camera if answer.pictures else None
    rows: list[Content] = []
    if answer.boxes3d:
        known = f"; camera: {_plain(camera.source, glyphs)}" if camera is not None else ""
        rows.append(Content.styled(f"metres are the model's estimate{known}", "$faint"))
    numbers = {finding.id: str(index + 1) for index, finding in enumerate(findings)}
    for check in answer.checks:
        sign, colour = _sign(check, glyphs)
        rows.append(Content.assemble((f"{sign} ", f"bold ${colour}"), _sentence(check, numbers)))
        if check.verdict.ruling is not Ruling.CONFIRMED:
            reason = _FINDING.sub(lambda named: f"#{numbers.get(named[0], named[0])}", check.verdict.reason)
            rows.append(Content.styled(_plain(f"{check.verdict.ruling.value}: {reason}", glyphs), "$faint"))
    return Content("\n").join(rows)


def _sentence(check: Check, numbers: dict[str, str]) -> str:
    subject = numbers.get(check.finding_id, check.finding_id)
    said = _SAID.get(check.kind, check.kind)
    if check.kind != "projection":
        return one_line(f"{subject} {said}")
    return one_line(f"{subject} {said} {numbers.get(check.against_id, check.against_id) or 'its rectangle'}")


def _sign(check: Check, glyphs: Glyphs) -> tuple[str, str]:
    match check.verdict.ruling:
        case Ruling.CONFIRMED:
            return glyphs.yes, "success"
        case Ruling.CONTRADICTED:
            return glyphs.no, "error"
        case _:
            return glyphs.unsure, "warning"


def _plain(text: str, glyphs: Glyphs) -> str:
    """In ASCII where the terminal has no more; of all signs only these two are the program's own."""
    line = one_line(text)
    return line if glyphs.ellipsis == "…" else line.replace("°", " degrees").replace("…", glyphs.ellipsis)
