"""`sightline ask`: one question, one answer, no screen.

Without --json the answer streams as text and the findings follow as a list; with it, exactly one JSON object is printed,
and only once the answer is whole, so that whatever reads it never sees half of one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backend.errors import QuestionCancelled, UsageError
from backend.sanitise import lines, one_line
from backend.scene import Box, Box3D, Finding, Point

if TYPE_CHECKING:
    from backend.answer import Answer
    from backend.ask import Asker, Question
    from backend.catalog import InstalledModel
    from backend.events import AskEvent
    from backend.scene import Picture

_TASKS = ("auto", "boxes", "points", "boxes3d", "relation", "count", "describe", "free")


@click.command()
@click.argument("question")
@click.argument("pictures", nargs=-1, metavar="PICTURE…")
@click.option("--model", "-m", metavar="NAME", help="A model of the catalogue; the best that fits when not given.")
@click.option("--task", type=click.Choice(_TASKS), default="auto", show_default=True, help="The kind of answer wanted.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.option(
    "--save",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT.png",
    help="Write the picture with its findings drawn in.",
)
@click.option("--max-tokens", type=click.IntRange(1, 65536), metavar="N", help="Answer tokens at most.")
@click.option(
    "--seed", type=click.IntRange(0, 2**32 - 1), default=0, metavar="N", help="Seed for sampled (not greedy) answers."
)
@click.pass_context
def ask(
    ctx: click.Context,
    question: str,
    pictures: tuple[str, ...],
    model: str | None,
    task: str,
    as_json: bool,
    save: Path | None,
    max_tokens: int | None,
    seed: int,
) -> None:
    """Answer QUESTION about one or more pictures; `-` reads one from standard input.

    Boxes are in pixels of the upright picture, as are points.
    """
    if not question.strip():
        raise UsageError("the question is empty", cure='ask something, such as: sightline ask "Locate the red circle" PICTURE')
    if not pictures:
        raise UsageError("no picture was given", cure=f'sightline ask "{one_line(question, 40)}" PICTURE')
    if pictures.count("-") > 1:
        raise UsageError("standard input can be only one of the pictures", cure="give - once")
    from backend.ask import Asker, Question, Task

    if save is not None:
        from backend.export.overlay import check_destination

        check_destination(save)  # before minutes are spent on an answer that could not be kept
    opened = tuple(_read(name) for name in pictures)
    asker = Asker(_choose(model or (ctx.obj or {}).get("model")))
    try:
        answer = _answer(asker, Question(question, opened, Task(task), max_tokens=max_tokens, seed=seed), as_json)
    except KeyboardInterrupt:
        raise QuestionCancelled("cancelled") from None
    finally:
        asker.close()
    if as_json:
        # A file name that is no Unicode holds lone surrogates; as a backslash escape they are valid JSON.
        click.echo(json.dumps(answer.as_dict(), ensure_ascii=False).encode("utf-8", "backslashreplace"))
    else:
        _print_findings(answer)
    if save is not None:
        _save(save, opened, answer)


def _read(name: str) -> Picture:
    from backend.media.images import load, load_bytes

    return load_bytes(sys.stdin.buffer.read(), "-") if name == "-" else load(Path(name))


def _choose(name: str | None) -> InstalledModel:
    from backend.ask.loaded import is_loaded
    from backend.catalog import ModelStore, consider, load_catalog

    choice = consider(load_catalog(), ModelStore(), name, is_loaded=is_loaded)
    for reason in choice.passed_over:
        click.echo(f"note: {one_line(reason)}", err=True)
    return choice.model


def _answer(asker: Asker, question: Question, as_json: bool) -> Answer:
    """Drain one answer, streaming its text unless JSON is wanted; raises what the stream failed with."""
    from backend.events import Cancelled, Done, Failed, Token

    narrator = _Narrator()
    for event in asker.ask(question):
        if isinstance(event, Done):
            narrator.clear()
            return event.answer
        if isinstance(event, Failed):
            narrator.clear()
            raise event.error
        if isinstance(event, Cancelled):
            narrator.clear()
            raise QuestionCancelled("cancelled")
        if isinstance(event, Token):
            if event.text and not event.thinking and not as_json:
                narrator.clear()
                click.echo(lines(event.text), nl=False)
                sys.stdout.flush()
        else:
            narrator.tell(event)
    raise AssertionError("an answer's stream ended without its last event")


class _Narrator:
    """Progress on standard error, on one line that is wiped again; silent where standard error is no terminal."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._shown = False

    def tell(self, event: AskEvent) -> None:
        text = _progress(event)
        if self._live and text:
            click.echo(f"\r\x1b[K{text}", nl=False, err=True)
            self._shown = True

    def clear(self) -> None:
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)
            self._shown = False


def _progress(event: AskEvent) -> str:
    from backend.events import Encoding, Loading, Prefilling

    match event:
        case Loading(_, model, fraction):
            return f"loading {one_line(model)} … {fraction:.0%}"
        case Encoding(_, _, done, total):
            return f"looking at the picture … {done}/{total}"
        case Prefilling(_, done, total, _):
            return f"reading the question … {done}/{total} tokens"
        case _:
            return ""


def _print_findings(answer: Answer) -> None:
    click.echo()
    for finding in answer.findings:
        click.echo(f"  {_described(finding, len(answer.pictures) > 1)}")
    for claim in answer.claims:
        relation = claim.relation.replace("_", " ")
        ruling = claim.verdict.ruling.value if claim.verdict else "not checked: a box is missing"
        click.echo(f"  {one_line(claim.subject)} {relation} {one_line(claim.object)} ({claim.frame} frame): {ruling}")
        if claim.verdict:
            click.echo(f"    {one_line(claim.verdict.reason)}")
    for warning in answer.warnings:
        click.echo(f"note: {one_line(warning)}", err=True)


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
    return f"{finding.id:<4}{one_line(finding.label)}  {where}{picture}{sure}"


def _save(path: Path, pictures: tuple[Picture, ...], answer: Answer) -> None:
    """Draw each picture's own findings; with several pictures the files are numbered OUT.png, OUT-2.png, …"""
    from backend.export.overlay import save_overlay

    for index, picture in enumerate(pictures):
        target = path if index == 0 else path.with_stem(f"{path.stem}-{index + 1}")
        save_overlay(target, picture, [finding for finding in answer.findings if finding.picture == index])
        click.echo(f"saved {one_line(str(target))}", err=True)
