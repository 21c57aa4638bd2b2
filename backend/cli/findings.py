"""An answer's findings, claims and checks for a reader, one a line, with what backs each below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from backend.cli.cameras import print_camera
from backend.language import N_, _
from backend.sanitise import one_line
from backend.scene import Box, Box3D, Claim, Finding, Point, Ruling
from backend.scene.moments import Moment, stamp
from backend.scene.phrasing import again, checked, looked_twice, ruled, statement, witnessed

if TYPE_CHECKING:
    from backend.answer import Answer

_COLOURS = {Ruling.CONFIRMED: "green", Ruling.CONTRADICTED: "red", Ruling.UNDETERMINED: "yellow"}
_LONGEST_QUOTE = 160


def print_findings(answer: Answer) -> None:
    """What stands below the model's words. Colours reach terminals only."""
    for finding in answer.findings:
        click.echo(f"  {described(finding, answer)}")
    for moment in answer.moments:
        click.echo(f"  {_moment(moment, answer)}")
    print_camera(answer)
    for claim in answer.claims:
        print_claim(claim, answer.text)
    labels = {finding.id: f"{finding.id} {one_line(finding.label)}".rstrip() for finding in answer.findings}
    for check in answer.checks:
        named, against = (labels.get(id_, id_) for id_ in (check.finding_id, check.against_id))
        click.echo(f"  {one_line(checked(check, named, against))}: {_coloured(ruled(check.verdict), check.verdict.ruling)}")
        click.echo(f"    {one_line(check.verdict.reason)}")


def print_claim(claim: Claim, text: str, said_by: str = N_("answer")) -> None:
    """A claim of that text, what geometry says of it, and what else speaks for or against it."""
    frame = _(" (camera frame)") if claim.frame == "camera" else ""
    verdict = claim.verdict
    ruling = _coloured(ruled(verdict), verdict.ruling) if verdict else _("not checked: a box is missing")
    click.echo(f"  {one_line(statement(claim))}{frame}: {ruling}")
    if verdict and verdict.ruling is Ruling.CONTRADICTED and claim.text_span:
        said = one_line(text[slice(*claim.text_span)], _LONGEST_QUOTE)
        click.echo(_("    the {said_by} says: {style}").format(said_by=_(said_by), style=click.style(said, bold=True)))
    if verdict:
        click.echo(f"    {one_line(verdict.reason)}")
    for witness in claim.witnesses:
        click.echo(f"    {witnessed(witness)}: {one_line(witness.reason)}")
    for asked in claim.asked_again:
        click.echo(f"    {one_line(again(asked))}: {one_line(asked.answer, _LONGEST_QUOTE)}")


def _coloured(words: str, ruling: Ruling) -> str:
    return click.style(words, fg=_COLOURS[ruling])


def _moment(moment: Moment, answer: Answer) -> str:
    """A time that the answer names, its words for it, and where it can be seen."""
    when = stamp(moment.start) + ("" if moment.end is None else f"–{stamp(moment.end)}")
    said = one_line(answer.text[slice(*moment.text_span)], _LONGEST_QUOTE)
    seen = (
        ""
        if moment.picture is None
        else _("  in picture {picture}{time}").format(picture=moment.picture + 1, time=_time(answer, moment.picture))
    )
    return _("moment {when}  “{said}”{seen}").format(when=when, said=said, seen=seen)


def _time(answer: Answer, picture: int) -> str:
    """The time of a picture that is a film's frame."""
    time = answer.pictures[picture].time
    return "" if time is None else f" ({stamp(time)})"


def described(finding: Finding, answer: Answer | None = None) -> str:
    """One line: its id, name, place and what the model said of it; of an answer about several pictures in which."""
    match finding:
        case Box():
            where = f"x {finding.x1:.0f}–{finding.x2:.0f}, y {finding.y1:.0f}–{finding.y2:.0f} px"
        case Point():
            where = f"x {finding.x:.0f}, y {finding.y:.0f} px"
        case Box3D():
            x, y, z = finding.centre
            width, height, depth = finding.size
            where = _(
                "at ({x:.2f}, {y:.2f}, {z:.2f}) m, {width:.2f} × {height:.2f} × {depth:.2f} m (the model's estimate)"
            ).format(x=x, y=y, z=z, width=width, height=height, depth=depth)
    sure = "" if finding.confidence is None else _("  confidence {confidence:.2f}").format(confidence=finding.confidence)
    picture = ""
    if answer is not None and len(answer.pictures) > 1:
        picture = _("  picture {number}{time}").format(number=finding.picture + 1, time=_time(answer, finding.picture))
    twice = f"  {looked_twice(finding.second_look)}" if isinstance(finding, Box) and finding.second_look else ""
    said = "".join(f"  {one_line(key)}: {one_line(str(value))}" for key, value in finding.attributes)
    return f"{finding.id:<4}{one_line(finding.label)}  {where}{picture}{sure}{twice}{said}"
