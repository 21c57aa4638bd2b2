"""`sightline parse`: a model's raw text from anywhere → findings, by the same parser that reads our own model."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import click

from backend.cli.cameras import camera_options, said_of_camera
from backend.language import _
from backend.sanitise import one_line

_SIZE = re.compile(r"(\d{1,6})[xX×](\d{1,6})")


class _Size(click.ParamType[tuple[int, int]]):
    name = "WxH"

    def convert(
        self, value: str | tuple[int, int], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        match = _SIZE.fullmatch(value)
        if match is None or not (int(match[1]) and int(match[2])):
            self.fail(_("“{value}” is no size; write it as 1920x1080").format(value=one_line(value, 40)), param, ctx)
        return int(match[1]), int(match[2])


@click.command()
@click.option("--size", required=True, type=_Size(), help="Of the picture, in pixels: what the findings are given in.")
@click.option(
    "--units",
    type=click.Choice(["rel1000", "px"]),
    default="rel1000",
    show_default=True,
    help="What the text's numbers are: 0…1000 of the picture (Qwen2-VL, Qwen3-VL), or pixels of it (Qwen2.5-VL).",
)
@camera_options
@click.option("--json", "as_json", is_flag=True, help="Print the object that `sightline ask --json` prints.")
@click.pass_context
def parse(
    ctx: click.Context,
    size: tuple[int, int],
    units: str,
    fov: str | None,
    intrinsics: str | None,
    calibration: Path | None,
    *,
    as_json: bool,
) -> None:
    """Read a model's raw answer on standard input and print what it located.

    Boxes, points and 3D boxes in all forms that Qwen's vision models write; what was repaired, clamped, left out as a repeat
    or given up on is said on standard error. Qwen2.5-VL means pixels of the picture as it was resized for the model: give
    that size. The camera says where 3D boxes have to be seen, by which they are checked.
    """
    from backend.answer import Answer
    from backend.ask import Question, solids
    from backend.ask.measured import ASSUMED
    from backend.ask.parsing import FindingParser
    from backend.cli.findings import print_findings
    from backend.scene import Box, Box3D, Picture, Point, Units, View

    raw = sys.stdin.buffer.read()
    text = raw.decode("utf-8", "replace")
    width, height = size
    picture = Picture("", width, height, b"", "")
    parser = FindingParser([View(picture, picture.whole(), width, height, Units.PIXELS if units == "px" else Units.REL1000)])
    parser.feed(text)
    parser.finish()
    broken = [_("bytes that are not UTF-8 were replaced")] if "\ufffd" in text and b"\xef\xbf\xbd" not in raw else []
    question = Question("", (picture,), camera=said_of_camera(ctx, fov, intrinsics, calibration).camera(size))
    solids.require_camera(question)
    answer = Answer(
        question="",
        task="",
        text=parser.text.strip(),
        pictures=solids.references(question, parser.findings),
        boxes=tuple(f for f in parser.findings if isinstance(f, Box)),
        points=tuple(f for f in parser.findings if isinstance(f, Point)),
        boxes3d=tuple(f for f in parser.findings if isinstance(f, Box3D)),
        thinking=parser.thought.strip(),
        checks=solids.checks(question, parser.findings, ASSUMED),
        warnings=(*broken, *parser.warnings),
    )
    if as_json:
        click.echo(json.dumps(answer.as_dict(), ensure_ascii=False))
        return
    print_findings(answer)
    for warning in answer.warnings or (_("nothing was located"),) * (not answer.findings):
        click.echo(_("note: {warning}").format(warning=one_line(warning)), err=True)
