"""`sightline doctor`: what this installation is, what is wrong with it, and, with --selftest, how well it sees.

The report is printed whole whatever is broken, and problems come last, each with its cure: they are what scrolls up to
the prompt.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from backend.cli.naming import MODEL
from backend.errors import QuestionCancelled, SightlineError
from backend.language import _, columns, padded
from backend.sanitise import lines, one_line

if TYPE_CHECKING:
    from backend.ask.selftest import Outcome, SelfTest
    from backend.cli.checkup import Problem, Section


@click.command()
@click.option("--selftest", is_flag=True, help="Ask the model about drawn scenes and measure how far off its boxes are.")
@click.option("--scenes", type=click.IntRange(1, 100), default=2, show_default=True, help="Scenes of each size.")
@click.option("--model", "-m", type=MODEL, metavar="NAME", help="The model in question; the best that fits when not given.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.pass_context
def doctor(ctx: click.Context, selftest: bool, scenes: int, model: str | None, as_json: bool) -> None:
    """Report what this installation can do and what is wrong with it.

    Exits with 0 where nothing keeps questions from being answered, with 4 where no model can run.
    """
    from backend.cli.checkup import examine

    name = model or (ctx.obj or {}).get("model")
    sections = examine(name)
    code = 4 if any(problem.stops for section in sections for problem in section.problems) else 0
    if selftest and not code:
        section, code = _selftest(name, scenes)
        sections.append(section)
    problems = [problem for section in sections for problem in section.problems]
    if as_json:
        click.echo(json.dumps(_as_dict(sections, problems), ensure_ascii=False).encode("utf-8", "backslashreplace"))
    else:
        _print(sections, problems)
    ctx.exit(code)


def _as_dict(sections: list[Section], problems: list[Problem]) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "schema": 1,
        **{section.name: section.data for section in sections},
        "problems": [asdict(problem) for problem in problems],
    }


def _print(sections: list[Section], problems: list[Problem]) -> None:
    for section in sections:
        click.echo(_(section.name))
        labels = [_(label) for label, __ in section.rows]
        width = max(map(columns, labels), default=0)
        for label, (__, value) in zip(labels, section.rows, strict=True):
            click.echo(f"  {padded(label, width)}  {value}".rstrip())
        click.echo()
    if not problems:
        click.echo(_("no problems"))
    for problem in problems:
        click.echo(f"{'!!' if problem.stops else '! '} {lines(problem.message)}")
        click.echo(f"   → {one_line(problem.cure)}")


def _selftest(name: str | None, scenes: int) -> tuple[Section, int]:
    """Run it, and keep what was measured; its section, and the exit code of what ended it."""
    from backend.ask.pipeline import spec_of
    from backend.ask.selftest import SelfTest
    from backend.catalog import ModelStore, consider, load_catalog
    from backend.cli.checkup import Problem, Section
    from backend.engine.supervisor import WorkerEngine

    try:
        model = consider(load_catalog(), ModelStore(), name).model
        engine = WorkerEngine(spec_of(model))
        try:
            test = SelfTest(model, engine, scenes)
            _follow(test, one_line(model.card.name))
        finally:
            engine.close()
    except KeyboardInterrupt:
        raise QuestionCancelled(_("the self-test was cancelled; nothing of it was kept")) from None
    except SightlineError as error:
        problem = Problem(error.message, error.cure, stops=True)
        return Section("selftest", (("", _("did not end")),), {}, (problem,)), error.exit_code
    return _told(test.outcome()), 0


def _follow(test: SelfTest, name: str) -> None:
    """Show the scenes, with progress on standard error where that is a terminal."""
    live = sys.stderr.isatty()
    for number, look in enumerate(test.run(), 1):
        if live:
            width, height = look.size
            said = _("{name}: scene {number} of {count}, {width}×{height} px").format(
                name=name, number=number, count=len(test.plan), width=width, height=height
            )
            click.echo(f"\r\x1b[K{said}", nl=False, err=True)
    if live:
        click.echo("\r\x1b[K", nl=False, err=True)


def _told(outcome: Outcome) -> Section:
    from backend.ask.selftest import ENOUGH, SIZES, row
    from backend.ask.symptoms import symptoms
    from backend.catalog.places import user_catalog
    from backend.cli.checkup import Problem, Section

    problems = [Problem(found.message, found.cure) for found in symptoms(outcome, one_line(str(user_catalog())))]
    try:
        path = outcome.keep()
        kept = _("not kept: fewer than {enough} were found").format(enough=ENOUGH)
        if path:
            kept = _("kept in {path}, and used from now on").format(path=one_line(str(path)))
    except OSError as error:
        kept = _("could not be kept")
        problems.append(
            Problem(
                _("what was measured cannot be written: {reason}").format(reason=error.strerror),
                _("see the folder “measurements” above"),
            )
        )
    table = [row(size, outcome.of_size(size)) for size in SIZES]
    shown = [(f"{line['width']}×{line['height']}", _words(line)) for line in table]
    asked, missed, sigma = len(outcome.sightings), outcome.missed, outcome.sigma
    spread = _("no box was found") if sigma is None else _("σ {sigma:.2%} of the longer side").format(sigma=sigma)
    found = _("{found} of {asked} found").format(found=asked - missed, asked=asked)
    shown += [(_("all"), f"{spread}; {found}"), ("", kept)]
    data = {
        "setting": dict(outcome.setting),
        "asked": asked,
        "missed": missed,
        "sigma": sigma,
        "sizes": table,
        "wider": [{"budget": look.budget, **row(look.size, list(look.sightings))} for look in outcome.looks if look.wider],
    }
    return Section("selftest", (("model", one_line(str(outcome.setting["model"]))), *shown), data, tuple(problems))


def _words(line: dict[str, Any]) -> str:
    found = _("{found} of {asked} found").format(found=line["asked"] - line["missed"], asked=line["asked"])
    if line["sigma_px"] is None:
        return found
    return _("σ {pixels:.1f} px ({share:.2%} of the longer side), nine in ten edges within {most:.1f} px; {found}").format(
        pixels=line["sigma_px"], share=line["sigma"], most=line["nine_in_ten_px"], found=found
    )
