"""An answer's findings and claims for a reader, one a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from backend.cli.cameras import print_camera, print_checks
from backend.sanitise import one_line
from backend.scene import Box, Box3D, Finding, Point

if TYPE_CHECKING:
    from backend.answer import Answer


def print_findings(answer: Answer) -> None:
    """What stands below the model's words."""
    for finding in answer.findings:
        click.echo(f"  {_described(finding, len(answer.pictures) > 1)}")
    print_camera(answer)
    print_checks(answer)
    for claim in answer.claims:
        relation = claim.relation.replace("_", " ")
        ruling = claim.verdict.ruling.value if claim.verdict else "not checked: a box is missing"
        click.echo(f"  {one_line(claim.subject)} {relation} {one_line(claim.object)} ({claim.frame} frame): {ruling}")
        if claim.verdict:
            click.echo(f"    {one_line(claim.verdict.reason)}")


def _described(finding: Finding, name_picture: bool) -> str:
    match finding:
        case Box():
            where = f"x {finding.x1:.0f}–{finding.x2:.0f}, y {finding.y1:.0f}–{finding.y2:.0f} px"
        case Point():
            where = f"x {finding.x:.0f}, y {finding.y:.0f} px"
        case Box3D():
            x, y, z = finding.centre
            width, height, depth = finding.size
            where = f"at ({x:.2f}, {y:.2f}, {z:.2f}) m, {width:.2f} × {height:.2f} × {depth:.2f} m (the model's estimate)"
    sure = "" if finding.confidence is None else f"  confidence {finding.confidence:.2f}"
    picture = f"  picture {finding.picture + 1}" if name_picture else ""
    said = "".join(f"  {one_line(key)}: {one_line(str(value))}" for key, value in finding.attributes)
    return f"{finding.id:<4}{one_line(finding.label)}  {where}{picture}{sure}{said}"
