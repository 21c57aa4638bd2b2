"""`sightline models`: what can be run, what is there, what fits; and how a model comes here.

Data goes to standard output, narration (progress, advice) to standard error. Everything heavier than click is imported
inside the command that needs it, so that `sightline --help` stays quick.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backend.language import _

if TYPE_CHECKING:
    from backend.catalog.card import Server
    from backend.catalog.check import PairReport


@click.group(invoke_without_command=True)
@click.pass_context
def models(ctx: click.Context) -> None:
    """List, pull, add and check models. Without a command: list."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_models, as_json=False)


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON list instead of a table.")
@click.option("--depth", "only_depth", is_flag=True, help="Only the depth networks.")
def list_models(as_json: bool, only_depth: bool = False) -> None:
    """Show what can be run, what is installed, and what fits; below it the depth networks."""
    from backend.catalog import ModelStore, entries, load_catalog
    from backend.catalog.depth import depth_cards
    from backend.catalog.depth import table as depth_table
    from backend.catalog.listing import table

    if only_depth:
        networks = depth_cards()
        if as_json:
            click.echo(json.dumps([card.as_dict() for card in networks], ensure_ascii=False, indent=2))
            return
        for line in depth_table(networks):
            click.echo(line)
        return
    found = entries(load_catalog(), ModelStore())
    if as_json:
        click.echo(json.dumps([entry.as_dict() for entry in found], ensure_ascii=False, indent=2))
        return
    for line in (*table(found), "", *depth_table(depth_cards())):
        click.echo(line)


@models.command()
@click.argument("name")
@click.option("--quant", help="Quantisation of the language model, such as Q8_0; the catalogue's usual one otherwise.")
def pull(name: str, quant: str | None) -> None:
    """Download a model from the hub.

    Run it again after any interruption, and it goes on from there.
    """
    from backend.catalog import Memory, ModelStore, load_catalog
    from backend.catalog.download import pull as steps
    from backend.catalog.fit import judge, needs_of_card
    from backend.cli.progress import ProgressLine
    from backend.errors import UsageError

    if _pulled_depth(name, quant):
        return
    card = load_catalog().card(name)
    if quant and quant not in card.quants:
        raise UsageError(
            _("{name} has no quantisation {quant}").format(name=name, quant=quant),
            cure=_("published: {quants}").format(quants=", ".join(card.quants) or _("none")),
        )
    card = card.in_quant(quant or card.quant)
    # What is free now may be freed later: a pull says that a model does not fit, and leaves the decision to the user.
    click.echo(f"{card.title} {judge(needs_of_card(card), Memory.detect()).sentence}", err=True)
    store = ModelStore()
    try:
        with ProgressLine(sys.stderr) as line:
            for step in steps(card, store):
                line.show(step)
    except KeyboardInterrupt:
        click.echo(_("\nstopped; what has arrived was kept, and the same command goes on from there"), err=True)
        raise
    model = store.require(card)
    click.echo(_("{name} is ready: {parent}").format(name=name, parent=model.text.parent), err=True)


@models.command()
@click.argument("name")
@click.option("--text", required=True, type=click.Path(path_type=Path), help="The language model, a GGUF file.")
@click.option("--mmproj", required=True, type=click.Path(path_type=Path), help="Its vision projector, a GGUF file.")
def add(name: str, text: Path, mmproj: Path) -> None:
    """Make files known that are already on this disk.

    They are used where they lie: nothing is copied, and they must stay there.
    """
    from backend.catalog import ModelStore, places

    ModelStore().add(name, text, mmproj)
    click.echo(
        _("{name} is known now; its settings are in {added_catalog}").format(
            name=name, added_catalog=places.added_catalog(places.user_catalog())
        ),
        err=True,
    )


@models.command()
@click.argument("target", nargs=-1, required=True, metavar="NAME | TEXT MMPROJ")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
def check(target: tuple[str, ...], as_json: bool) -> None:
    """Read a model's two files and say whether they belong together; or ask its server what it has."""
    from backend.catalog import ModelStore, check_pair, load_catalog
    from backend.errors import UsageError

    if len(target) == 1:
        if _checked_depth(target[0], as_json):
            return
        model = ModelStore().require(load_catalog().card(target[0]))
        if model.card.server is not None:
            _check_server(model.card.name, model.card.server, as_json)
            return
        report = check_pair(model.text, model.mmproj, model.card)
    elif len(target) == 2:
        report = check_pair(Path(target[0]), Path(target[1]))
    else:
        raise UsageError(_("check takes the name of a model, or two files"), cure=_("sightline models check --help"))
    if as_json:
        click.echo(json.dumps(report.as_dict(), ensure_ascii=False, indent=2))
    else:
        for line in _report(report):
            click.echo(line)
    report.require()


@models.command()
def where() -> None:
    """Show the folders and files that sightline uses."""
    from backend.catalog import places
    from backend.sanitise import one_line

    user = places.user_catalog()
    rows = (
        ("models", places.models_folder()),
        ("settings", user),
        ("tasks", places.user_tasks()),
        (_("added models"), places.added_catalog(user)),
        (_("shipped list"), places.shipped_catalog()),
        ("logs", places.log_folder()),
    )
    for what, path in rows:
        click.echo(f"{what:<13} {one_line(str(path))}")


def _pulled_depth(name: str, quant: str | None) -> bool:
    """Download a depth network of that name; False where there is none."""
    from backend.catalog.depth import depth_cards
    from backend.catalog.download import fetch
    from backend.cli.progress import ProgressLine
    from backend.errors import ModelError, UsageError

    card = next((card for card in depth_cards() if card.name == name), None)
    if card is None:
        return False
    if quant:
        raise UsageError(
            _("{name} is a depth network and has no quantisations").format(name=name),
            cure=_("sightline models pull {name}").format(name=name),
        )
    if card.repo is None:
        raise ModelError(
            _("{name} is not on the hub: there is nothing to pull").format(name=name),
            cure=_("sightline models check {name}").format(name=name),
        )
    try:
        with ProgressLine(sys.stderr) as line:
            for step in fetch(card.repo, (card.file,), card.path.parent):
                line.show(step)
    except KeyboardInterrupt:
        click.echo(_("\nstopped; what has arrived was kept, and the same command goes on from there"), err=True)
        raise
    click.echo(_("{name} is ready: {path}").format(name=name, path=card.path), err=True)
    return True


def _checked_depth(name: str, as_json: bool) -> bool:
    """Load a depth network of that name and say what it takes; False where there is none."""
    from backend.catalog.depth import choose_depth, depth_cards
    from backend.sanitise import one_line
    from backend.witness.depth import DepthNetwork

    cards = depth_cards()
    if name not in [card.name for card in cards]:
        return False
    card = choose_depth(name, cards)
    network = DepthNetwork(card)
    taken = network.port
    sides = " × ".join("any" if side is None else str(side) for side in (taken.width, taken.height))
    if as_json:
        takes = {"width": taken.width, "height": taken.height, "channels_last": taken.channels_last, "dtype": taken.dtype}
        report = {**card.as_dict(), "takes": takes, "device": network.device}
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
        return True
    rows = (
        (_("depth network"), one_line(str(card.path))),
        ("takes", f"{sides} px, {taken.dtype}, {_('channels last') if taken.channels_last else _('channels first')}"),
        ("answers", "metres" if card.output == "metres" else _("relative (inverse) depth")),
        (_("runs on"), network.device),
        ("verdict", _("it can be used")),
    )
    for what, said in rows:
        click.echo(f"{what:<15} {said}")
    return True


def _check_server(name: str, server: Server, as_json: bool) -> None:
    from backend.engine.remote.survey import look
    from backend.sanitise import one_line

    found = look(name, server)
    if as_json:
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
    else:
        others = _(" (one of {count})").format(count=len(found.models)) if len(found.models) > 1 else ""
        rows = [
            ("server", f"{found.url}, {found.program or _('it does not say which program')}"),
            ("model", one_line(found.model, 200) + others),
            ("context", _("{context:,} tokens").format(context=found.context) if found.context else _("it does not say")),
            (_("sees pictures"), {True: "yes", False: "no", None: _("it does not say")}[found.vision]),
            *(("note", note) for note in found.notes),
            ("verdict", _("cannot be used") if found.problem else _("it can be asked")),
        ]
        for what, said in rows:
            click.echo(f"{what:<15} {one_line(said)}")
    found.require()


def _report(report: PairReport) -> list[str]:
    """What the two headers say, for people; problems are left to the error that follows."""
    from backend.catalog.fit import gigabytes
    from backend.sanitise import one_line

    said = []
    for what, path, header in (
        (_("language model"), report.text, report.text_header),
        ("vision", report.mmproj, report.mmproj_header),
    ):
        said.append(f"{what:<15} {one_line(str(path))}")
        if header:
            name = one_line(header.text("general.name"), 60)
            kind = one_line(header.architecture, 40)
            size = _("{parameters:.2f} billion weights in {count} tensors, {file_size}").format(
                parameters=header.parameters / 1e9, count=len(header.tensors), file_size=gigabytes(header.file_size)
            )
            said.append(f"{'':<15} {name or 'without a name'}, {kind}, {size}, GGUF {header.version}")
    said.extend(f"{'note':<15} {note}" for note in report.notes)
    said.append(f"{'verdict':<15} {_('they belong together') if report.ok else _('cannot be used')}")
    return said
