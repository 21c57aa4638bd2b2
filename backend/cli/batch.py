"""`sightline batch`: the same questions about many pictures, into a file that a run goes on from where another one ended.

The file holds the answers. Standard output gets the summary, standard error the progress.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backend.cli.batch_progress import PROGRESS, Progress
from backend.cli.cameras import SaidOfCamera, camera_options, said_of_camera
from backend.cli.choosing import chosen
from backend.cli.naming import MODEL, TASK
from backend.cli.questions import lines_of
from backend.errors import CalibrationError, UsageError
from backend.language import _
from backend.sanitise import quoted

if TYPE_CHECKING:
    from backend.batch.listing import Listing
    from backend.batch.work import Source
    from backend.catalog import InstalledModel
    from backend.spatial.known_camera import GivenCamera

WORKERS, WORKERS_SMALL = 4, 1
"""Pictures that a model is asked about at once unless the user says otherwise. A small one gains nothing by more (scripts/bench
batch-folder), and asked alone its answers are bit for bit those of `ask`."""
_EXIT_CODES = (
    "Exit codes: 0 everything is answered, 2 usage, 4 or 5 no model is left that answers, 5 also: the file cannot be written, "
    "6 some could not be answered (the file says which, and why), 130 interrupted."
)


@click.command(epilog=_EXIT_CODES)
@click.argument("names", nargs=-1, type=click.Path(), metavar="FOLDER|PICTURE|FILM|PATTERN…")
@click.option("--question", "-q", "repeated", multiple=True, metavar="QUESTION", help="What to ask about each; repeat it.")
@click.option(
    "--questions",
    "listed",
    type=click.Path(allow_dash=True),
    metavar="FILE",
    help="Questions, one a line; # begins a comment, - is standard input.",
)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.jsonl", help="Where answers go."
)
@click.option(
    "--from",
    "--list",
    "lists",
    multiple=True,
    type=click.Path(allow_dash=True),
    metavar="LIST",
    help="A file of paths, one a line; - is standard input.",
)
@click.option("--recursive", "-r", is_flag=True, help="Folders inside the folders as well.")
@click.option(
    "--model", "-m", "models", multiple=True, type=MODEL, metavar="NAME[,NAME…]", help="Who answers; several share the work."
)
@click.option("--workers", type=click.IntRange(1, 64), metavar="N", help="Pictures that each model is asked about at once.")
@click.option(
    "--task", type=TASK, metavar="NAME", default="auto", show_default=True, help="The kind of answer wanted (sightline tasks)."
)
@camera_options
@click.option("--frames", "count", type=click.IntRange(1), metavar="N", help="Of a film, N frames, spread over it.")
@click.option("--fps", type=float, metavar="F", help="Of a film, F frames a second; 2 when not given.")
@click.option("--scenes", is_flag=True, help="Of a film, one frame of each scene.")
@click.option("--max-tokens", type=click.IntRange(1, 65536), metavar="N", help="Answer tokens at most.")
@click.option(
    "--thinking-tokens", type=click.IntRange(0, 65536), metavar="N", help="Tokens that a thinking model may reason for."
)
@click.option(
    "--second-looks/--no-second-looks",
    default=True,
    show_default=True,
    help="Look and ask again where it matters, as ask does.",
)
@click.option(
    "--seed", type=click.IntRange(0, 2**32 - 1), default=0, metavar="N", help="Seed for sampled (not greedy) answers."
)
@click.option("--retry-failed", is_flag=True, help="Ask again what could not be answered before.")
@click.option(
    "--append-anyway", is_flag=True, help="Write into a file that holds answers to other questions, or asked otherwise."
)
@click.option("--memory", is_flag=True, help="Remember the answers as well (sightline recall).")
@click.option("--progress", type=click.Choice(PROGRESS), default="auto", show_default=True, help="Told on standard error.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as one JSON object.")
@click.pass_context
def batch(
    ctx: click.Context,
    names: tuple[str, ...],
    repeated: tuple[str, ...],
    listed: str | None,
    out: Path,
    lists: tuple[str, ...],
    recursive: bool,
    models: tuple[str, ...],
    workers: int | None,
    task: str,
    fov: str | None,
    intrinsics: str | None,
    calibration: Path | None,
    count: int | None,
    fps: float | None,
    scenes: bool,
    max_tokens: int | None,
    thinking_tokens: int | None,
    second_looks: bool,
    seed: int,
    retry_failed: bool,
    append_anyway: bool,
    memory: bool,
    progress: str,
    as_json: bool,
) -> None:
    """Ask the same questions about many pictures and films, and write a line of JSON for each answer.

    Given the same command again, a run goes on where the file ends, whatever ended the one before. Ctrl-C finishes what is
    being answered; a second one stops at once.
    """
    questions = _questions(repeated, listed, lists)
    if not names and not lists:
        raise UsageError(_("no picture was given"), cure=_("name a folder, pictures, or a list of them with --from"))
    from backend.ask import Asker
    from backend.ask.prompts import settle
    from backend.batch.ledger import Ledger
    from backend.batch.listing import Listing
    from backend.batch.readers import Wish
    from backend.batch.running import Run
    from backend.batch.work import Parameters
    from backend.cli.batch_run import carry_out
    from backend.media.film.choice import Wanted

    settle(task, "")  # a name that is not known, before anything is opened
    listing = Listing.of(names, recursive=recursive)
    camera = said_of_camera(ctx, fov, intrinsics, calibration)
    named = [name.strip() for given in models for name in given.split(",") if name.strip()]
    installed = [chosen(ctx, name) for name in dict.fromkeys(named)] or [chosen(ctx, None)]
    parameters = Parameters(
        models=tuple(sorted(model.card.name for model in installed)),
        task=task,
        seed=seed,
        max_tokens=max_tokens,
        thinking_tokens=thinking_tokens,
        second_looks=second_looks,
        frames=Wanted(count, fps, scenes),
        camera=_said(camera),
    )
    with Ledger(out) as ledger:
        if not append_anyway:
            ledger.require(parameters, questions)
        asked = Wish(
            questions, parameters, ledger.kept, retry_failed, min((m.card for m in installed), key=lambda c: c.context)
        )
        sources = chain(listing.sources(), *(_listed(listing, one) for one in lists))
        askers = [Asker(model) for model in installed]
        run = Run(askers, sources, asked, _cameras(camera), workers=workers or _usual_workers(installed))
        total = None if lists else lambda: len(questions) * sum(1 for __ in listing.sources())
        code = carry_out(run, ledger, parameters, Progress(progress, total), memory=memory, as_json=as_json)
    ctx.exit(code)


def _usual_workers(installed: Sequence[InstalledModel]) -> int:
    """A server shares itself as it likes; the engine of this machine decodes what several pictures want in one call."""
    from backend.engine.opening import SMALL

    weights = (model.text.stat().st_size + model.mmproj.stat().st_size for model in installed if model.card.server is None)
    return WORKERS_SMALL if any(size <= SMALL for size in weights) else WORKERS


def _questions(repeated: tuple[str, ...], listed: str | None, lists: tuple[str, ...]) -> tuple[str, ...]:
    """Each once, in their order. Raises UsageError where there is none."""
    if repeated and listed is not None:
        raise UsageError(_("questions were given with -q and with --questions"), cure=_("give all of them with one of the two"))
    if (*lists, listed).count("-") > 1:
        raise UsageError(_("standard input cannot be several lists"), cure=_("give all but one of them as files"))
    asked = tuple(dict.fromkeys(text.strip() for text in (lines_of(listed) if listed is not None else repeated)))
    if not asked:
        raise UsageError(_("no question was given"), cure=_('ask with -q, such as: -q "Locate every cup"'))
    if "" in asked:
        raise UsageError(_("the question is empty"), cure=_('ask with -q, such as: -q "Locate every cup"'))
    return asked


def _listed(listing: Listing, name: str) -> Iterator[Source]:
    """What the list names, opened when its turn comes. Raises UsageError where it cannot be read."""
    if name == "-":
        yield from listing.listed(sys.stdin.buffer)
        return
    try:
        with Path(name).open("rb") as file:
            yield from listing.listed(file)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise UsageError(
            _("the list {name} cannot be read: {reason}").format(name=quoted(name), reason=reason), cure=_("check its name")
        ) from error


def _said(camera: SaidOfCamera) -> tuple[tuple[str, str], ...]:
    """The camera's options as they are compared with those of an earlier run: a calibration by what the file holds."""
    said = {"fov": camera.fov, "intrinsics": camera.intrinsics}
    if camera.calibration is not None:
        said["calibration"] = _digest(camera.calibration)
    return tuple((name, value) for name, value in said.items() if value is not None)


def _cameras(said: SaidOfCamera) -> Callable[[tuple[int, int]], GivenCamera | None]:
    """The camera for pictures of a size; a calibration file is read once for each size."""
    return lru_cache(maxsize=256)(said.camera)


def _digest(calibration: Path) -> str:
    try:
        return hashlib.sha256(calibration.read_bytes()).hexdigest()
    except OSError as error:
        raise CalibrationError(calibration, error.strerror or str(error)) from error
