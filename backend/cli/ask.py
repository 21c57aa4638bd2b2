"""`sightline ask`: questions and answers, no screen.

Standard output is data: an answer's words as they stream with its findings below, or one JSON object for each answer. All
questions are about the same pictures, and are asked together.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backend.cli.cameras import camera_options, said_of_camera
from backend.cli.choosing import chosen
from backend.cli.films import film_options
from backend.cli.films import wanted as frames_wanted
from backend.cli.naming import MODEL, TASK
from backend.cli.questions import asked
from backend.cli.sources import Sources
from backend.errors import QuestionCancelled
from backend.language import _
from backend.sanitise import one_line

if TYPE_CHECKING:
    from backend.answer import Answer
    from backend.ask import Asker, Question
    from backend.ask.task import Observed
    from backend.cli.telling import Telling
    from backend.scene import Intrinsics, Picture

_TOGETHER = 32
"""Questions that are asked at once; more gain nothing, and each takes memory while it is under way."""


@click.command()
@click.argument("arguments", nargs=-1, metavar="[QUESTION] PICTURE…")
@click.option("--question", "-q", "repeated", multiple=True, metavar="QUESTION", help="One of several questions; repeat it.")
@click.option("--questions", "listed", metavar="FILE", help="Questions, one a line; # begins a comment, - is standard input.")
@click.option("--model", "-m", type=MODEL, metavar="NAME", help="A model of the catalogue; the best that fits when not given.")
@click.option(
    "--task",
    type=TASK,
    metavar="NAME",
    default="auto",
    show_default=True,
    help="The kind of answer wanted (sightline tasks lists them).",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each question instead of text.")
@click.option(
    "--save",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT.png",
    help="Write the picture with its findings drawn in.",
)
@click.option(
    "--save-topdown",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT.png",
    help="Write the 3D boxes as they stand, seen from above.",
)
@click.option(
    "--bundle", type=click.Path(path_type=Path), metavar="TARGET", help="Write an evidence bundle (sightline replay)."
)
@camera_options
@film_options
@click.option("--max-tokens", type=click.IntRange(1, 65536), metavar="N", help="Answer tokens at most.")
@click.option(
    "--thinking-tokens",
    type=click.IntRange(0, 65536),
    metavar="N",
    help="Tokens that a thinking model may reason for before it must answer; 0 skips the reasoning.",
)
@click.option("--show-thinking", is_flag=True, help="Write the reasoning to standard error as it streams.")
@click.option(
    "--second-looks/--no-second-looks",
    default=True,
    show_default=True,
    help="Look again, enlarged, at what is small or doubtful, and ask again, mirrored and exchanged, what is claimed.",
)
@click.option(
    "--depth",
    is_flag=True,
    help="Let the file's own depth (HEIC), else a depth network, witness what is said of near and far.",
)
@click.option(
    "--network",
    metavar="NAME",
    help="That network (sightline models list --depth), whatever the file says; else the first installed.",
)
@click.option("--tell-depth", is_flag=True, help="Tell the model what that depth says, before the question.")
@click.option("--place", metavar="NAME", help="Remember the pictures as views of this place (sightline places).")
@click.option("--memory/--no-memory", default=True, show_default=True, help="Remember the answers (sightline recall).")
@click.option("--words", "read_words", is_flag=True, help="Read the text in the picture: as findings, and as a witness.")
@click.option("--tell-words", is_flag=True, help="Tell the model what was read, before the question.")
@click.option(
    "--seed", type=click.IntRange(0, 2**32 - 1), default=0, metavar="N", help="Seed for sampled (not greedy) answers."
)
@click.pass_context
def ask(
    ctx: click.Context,
    arguments: tuple[str, ...],
    repeated: tuple[str, ...],
    listed: str | None,
    model: str | None,
    task: str,
    as_json: bool,
    save: Path | None,
    save_topdown: Path | None,
    bundle: Path | None,
    fov: str | None,
    intrinsics: str | None,
    calibration: Path | None,
    count: int | None,
    fps: float | None,
    scenes: bool,
    start: float | None,
    end: float | None,
    max_tokens: int | None,
    thinking_tokens: int | None,
    show_thinking: bool,
    second_looks: bool,
    depth: bool,
    network: str | None,
    tell_depth: bool,
    place: str | None,
    memory: bool,
    read_words: bool,
    tell_words: bool,
    seed: int,
) -> None:
    """Answer QUESTION about one or more pictures; `-` reads one from standard input.

    With -q or --questions there can be several questions, all about the same pictures; each is answered in its turn.
    Boxes are in pixels of the upright picture, as are points. Of a film, frames are shown with their times: two a second
    unless --frames, --fps or --scenes says otherwise, as many as fit into the model's context.
    """
    wanted = asked(arguments, repeated, listed)
    frames = frames_wanted(count, fps, scenes, start, end)
    from backend.ask import Asker, Question
    from backend.ask.depths import told_of
    from backend.ask.prompts import settle
    from backend.ask.words import told as told_words
    from backend.cli.telling import Telling

    settle(task, "")  # a name that is not known, or a tasks.toml that is not understood, before a model is loaded
    for target in filter(None, (save, save_topdown)):
        from backend.export.saving import check_destination

        check_destination(target)  # before minutes are spent on an answer that could not be kept
    if bundle is not None:
        from backend.export.targets import require_free

        require_free(bundle, folder=bundle.suffix.lower() != ".zip")
    with Sources(wanted.pictures) as sources:
        installed = chosen(ctx, model)
        opened = sources.pictures(frames, installed.card, max_tokens)
    camera = said_of_camera(ctx, fov, intrinsics, calibration).camera((opened[0].width, opened[0].height))
    seen = _seen(network, opened) if depth or tell_depth or network else ()
    seen = _read(opened, seen) if read_words or tell_words else seen
    asker = Asker(installed)
    questions = [
        Question(
            text,
            opened,
            task,
            max_tokens=max_tokens,
            thinking_tokens=thinking_tokens,
            seed=seed,
            second_looks=second_looks,
            camera=camera,
            observed=seen,
            told=(*(told_of(asker, text, opened, seen) if tell_depth else ()), *(told_words(seen) if tell_words else ())),
        )
        for text in wanted.questions
    ]
    telling = Telling(questions, as_json=as_json, show_thinking=show_thinking)
    try:
        _answer(asker, questions, telling)
    except KeyboardInterrupt:
        raise QuestionCancelled(_("cancelled")) from None
    finally:
        telling.hush()
        asker.close()
    _remember(telling.answers, opened, place, memory)
    if save is not None and telling.answers:
        _save(save, opened, telling.answers)
    if save_topdown is not None and telling.answers:
        _save_topdown(save_topdown, opened, telling.answers)
    if bundle is not None and telling.answers:
        _save_bundle(bundle, opened, telling.answers)
    if telling.failure is not None:
        if len(questions) == 1:
            raise telling.failure
        ctx.exit(telling.failure.exit_code)


def _seen(network: str | None, pictures: tuple[Picture, ...]) -> tuple[Observed, ...]:
    """How far things in each picture are; of several pictures that can be told to the model, and witnesses no claims."""
    from backend.ask.depths import DepthSight, observed

    if len(pictures) > 1:
        click.echo(_("note: of several pictures depth witnesses no claims"), err=True)
    sight = DepthSight(network)
    seen = observed(sight, pictures)
    for note in (picture.depth_note for picture in pictures if network is None and picture.depth_note):
        click.echo(_("note: {note}").format(note=one_line(note)), err=True)
    if sight.network is not None and sight.network.card.bundled:
        click.echo(_("note: {note}").format(note=one_line(sight.network.card.note)), err=True)
    return seen


def _read(pictures: tuple[Picture, ...], seen: tuple[Observed, ...]) -> tuple[Observed, ...]:
    """The text in each picture, beside what was seen of it already."""
    from backend.ask.words import observed
    from backend.witness.words import WordReader

    return observed(WordReader(), pictures, seen)


def _answer(asker: Asker, questions: Sequence[Question], telling: Telling) -> None:
    """Have all of them answered and told."""
    for start in range(0, len(questions), _TOGETHER):
        for event in asker.ask(*questions[start : start + _TOGETHER]):
            telling.hear(event)


def _remember(answers: Sequence[Answer], pictures: tuple[Picture, ...], place: str | None, memory: bool) -> None:
    """Keep the answers, unless the user will have none of that."""
    from backend.memory.journal import is_wanted

    if not memory or not is_wanted():
        if place is not None:
            click.echo(
                _("note: nothing is remembered (--no-memory, or SIGHTLINE_MEMORY=off), so --place has no effect"), err=True
            )
        return
    from backend.cli.history import keep_answers

    keep_answers(answers, pictures, place=place)


def _save(path: Path, pictures: tuple[Picture, ...], answers: Sequence[Answer]) -> None:
    """Draw each picture's findings, of all answers; with several pictures the files are numbered OUT.png, OUT-2.png, …"""
    from backend.export.overlay import save_overlay
    from backend.spatial.camera import Camera

    findings = [finding for answer in answers for finding in answer.findings]
    for index, picture in enumerate(pictures):
        target, known = _numbered(path, index), _camera(answers, index)
        camera = Camera.of(known, picture.width, picture.height) if known is not None else None
        save_overlay(target, picture, [finding for finding in findings if finding.picture == index], camera)
        click.echo(f"saved {one_line(str(target))}", err=True)


def _save_bundle(path: Path, pictures: tuple[Picture, ...], answers: Sequence[Answer]) -> None:
    """Put down all that asking again takes."""
    from backend.export.exporting import export
    from backend.export.originals import Originals

    originals = Originals()
    originals.hold(pictures)
    for note in export("bundle", answers, path, originals).notes:
        click.echo(_("note: {note}").format(note=one_line(note)), err=True)
    click.echo(_("saved {path}").format(path=one_line(str(path))), err=True)


def _save_topdown(path: Path, pictures: tuple[Picture, ...], answers: Sequence[Answer]) -> None:
    """Draw what stands in each picture that has 3D boxes, from above; files are numbered as those of --save."""
    from backend.export.topdown import save_topdown
    from backend.scene import Box3D
    from backend.spatial.camera import Camera

    findings = [finding for answer in answers for finding in answer.findings]
    for index, picture in enumerate(pictures):
        here = [finding for finding in findings if finding.picture == index]
        known = _camera(answers, index)
        if known is None or not any(isinstance(finding, Box3D) for finding in here):
            which = _(" of picture {index}").format(index=index + 1) if len(pictures) > 1 else ""
            click.echo(_("note: there is no 3D box{which} to be seen from above").format(which=which), err=True)
            continue
        target = _numbered(path, index)
        save_topdown(target, here, Camera.of(known, picture.width, picture.height), known.source)
        click.echo(f"saved {one_line(str(target))}", err=True)


def _numbered(path: Path, index: int) -> Path:
    return path if index == 0 else path.with_stem(f"{path.stem}-{index + 1}")


def _camera(answers: Sequence[Answer], index: int) -> Intrinsics | None:
    """What the answers say of a picture's camera; all that say something say the same."""
    return next((camera for answer in answers if (camera := answer.pictures[index].camera) is not None), None)
