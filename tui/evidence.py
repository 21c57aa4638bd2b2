"""What backs an answer, in words: geometry's rulings, second looks, questions asked again, and checks of the findings.

What speaks against the model is always shown; what agrees with it only where somebody wants to see all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from textual.content import Content

from backend.answer import Answer
from backend.language import _
from backend.sanitise import one_line
from backend.scene import Box, Check, Claim, Finding, Ruling, Tag, Verdict
from backend.scene.moments import Moment
from backend.scene.phrasing import again, checked, looked_twice, ruled, statement, witnessed
from tui.glyphs import Glyphs
from tui.prose import Mark, pointing

_ID = re.compile(r"\b[bs]\d+\b")
_LONGEST_ANSWER = 120
"""Characters of what the model said when it was asked again."""


def sign_of(verdict: Verdict | None, glyphs: Glyphs) -> tuple[str, str]:
    """The sign of geometry's ruling, and the theme's name for its colour."""
    match verdict.ruling if verdict else None:
        case Ruling.CONFIRMED:
            return glyphs.yes, "success"
        case Ruling.CONTRADICTED:
            return glyphs.no, "error"
        case _:
            return glyphs.unsure, "warning"


def marks(
    claims: Sequence[Claim], tags: Sequence[Tag], glyphs: Glyphs, lit: int | None = None, moments: Sequence[Moment] = ()
) -> list[Mark]:
    """How the words of an answer stand out: those that speak of space, those that state a claim, by its verdict, and those that
    name a moment of a film, which leads there when it is clicked.

    `lit`: the claim whose words are looked for.
    """
    spatial = [Mark(tag.span, "$primary", "bold") for tag in tags]
    stated: list[Mark] = []
    for index, claim in enumerate(claims):
        if claim.text_span is not None:
            sign, colour = sign_of(claim.verdict, glyphs)
            stated.append(Mark(claim.text_span, f"${colour}", "reverse" if index == lit else "", sign))
    times = [Mark(one.text_span, "$accent", f"underline @click=screen.jump({one.start:.3f})") for one in moments]
    return [*spatial, *stated, *times]


def judged(
    claims: Sequence[Claim],
    glyphs: Glyphs,
    *,
    everything: bool = False,
    units: Sequence[int] = (),
    under_cursor: int | None = None,
) -> Content:
    """Each claim with its verdict and the numbers behind it. `units`: which units of the answer they are."""
    rows: list[Content] = []
    for index, claim in enumerate(claims):
        row = _ruled(statement(claim), claim.verdict, glyphs)
        rows.append(pointing(row, units[index] if units else None, under_cursor))
        for witness in claim.witnesses:
            if everything or witness.agrees is False:
                said, colour = f"{witnessed(witness)}: {witness.reason}", "$warning" if witness.agrees is False else "$faint"
                rows.append(Content.styled(one_line(said), colour))
        for asked in claim.asked_again:
            if everything or asked.agrees is False:
                said = f"{again(asked)}: {asked.answer}" if asked.answer else again(asked)
                rows.append(Content.styled(one_line(said, _LONGEST_ANSWER), "$warning" if asked.agrees is False else "$faint"))
    return Content("\n").join(rows)


def backing(answer: Answer, glyphs: Glyphs, *, everything: bool) -> list[Content]:
    """Checks of the findings, and second looks at them."""
    names = {finding.id: _named(index, finding) for index, finding in enumerate(answer.findings) if finding.id}
    shown = [check for check in answer.checks if everything or check.verdict.ruling is Ruling.CONTRADICTED]
    rows = [_ruled(_checked(check, names), _called(check.verdict, answer), glyphs) for check in shown]
    if answer.boxes3d or any(picture.camera is not None for picture in answer.pictures):
        rows.insert(0, Content.styled(_seen_by(answer, glyphs), "$faint"))
    return [*rows, *_looks(answer.findings)] if everything else rows


def _seen_by(answer: Answer, glyphs: Glyphs) -> str:
    """Whose metres the solid boxes have, and the camera that they were seen by, or that the user gave."""
    camera = answer.pictures[0].camera if answer.pictures else None
    words = [_("metres are the model's estimate")] if answer.boxes3d else []
    if camera is not None:
        lens = _(" ({lens} distortion)").format(lens=camera.distortion.model.value) if camera.distortion else ""
        words.append(_("camera: {source}{lens}").format(source=one_line(camera.source), lens=lens))
    said = "; ".join(words)
    # In ASCII where the terminal has no more; of all signs only these are the program's own.
    return said if glyphs.ellipsis == "…" else said.replace("°", " degrees").replace("…", glyphs.ellipsis)


def _called(verdict: Verdict, answer: Answer) -> Verdict:
    """With the findings of its reason called by their numbers in the picture."""
    numbers = {finding.id: f"#{index + 1}" for index, finding in enumerate(answer.findings)}
    return replace(verdict, reason=_ID.sub(lambda named: numbers.get(named[0], named[0]), verdict.reason))


def hides_something(answer: Answer) -> bool:
    """Whether there is more behind the answer than is shown unasked."""
    agreeing = any(check.verdict.ruling is not Ruling.CONTRADICTED for check in answer.checks)
    asked = any(asked.agrees is not False for claim in answer.claims for asked in claim.asked_again)
    witnesses = any(witness.agrees is not False for claim in answer.claims for witness in claim.witnesses)
    return agreeing or asked or witnesses or any(box.second_look is not None for box in answer.boxes)


def _looks(findings: Sequence[Finding]) -> Iterator[Content]:
    for index, finding in enumerate(findings):
        if isinstance(finding, Box) and finding.second_look is not None:
            yield Content.styled(f"{_named(index, finding)} {looked_twice(finding.second_look)}", "$faint")


def _ruled(what: str, verdict: Verdict | None, glyphs: Glyphs) -> Content:
    sign, colour = sign_of(verdict, glyphs)
    said = f"{ruled(verdict)}: {verdict.reason}" if verdict else _("not checked: a name has no box")
    return Content.assemble((f"{sign} ", f"bold ${colour}"), one_line(what), (f"\n{one_line(said)}", "$faint"))


def _checked(check: Check, names: dict[str, str]) -> str:
    return checked(check, names.get(check.finding_id, check.finding_id), names.get(check.against_id, check.against_id))


def _named(index: int, finding: Finding) -> str:
    """As picture and table number it."""
    return f"{index + 1} {one_line(finding.label)}".rstrip()
