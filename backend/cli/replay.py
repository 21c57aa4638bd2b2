"""`sightline replay`: a bundle's questions are asked again, and what comes is held against what was said then."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backend.errors import ModelError, SightlineError, UsageError
from backend.language import _
from backend.sanitise import one_line, quoted

if TYPE_CHECKING:
    from backend.answer import Answer
    from backend.catalog import InstalledModel
    from backend.export.agreement import Agreement
    from backend.export.bundle_reading import Bundle

DIFFERS = 1
"""Exit code where an answer is another one now."""


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path), metavar="BUNDLE")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
@click.pass_context
def replay(ctx: click.Context, bundle: Path, as_json: bool) -> None:
    """Ask the questions of an evidence bundle again, with the same model and parameters, and compare.

    Every file of the bundle is checked against its hash first. On one machine, with one version, greedy answers are the same
    but for last digits, which depend on what else is computed beside them; elsewhere a near-tie may fall the other way.

    Exit codes: 0 all the same, 1 something differs, 2 no bundle or a damaged one, 3 a picture is missing, 4 the model is
    missing, 5 engine failure, 130 cancelled.
    """
    from backend.export.agreement import compared
    from backend.export.bundle_reading import open_bundle

    opened = open_bundle(bundle)
    rows: list[dict[str, Any]] = []
    silent = [answer for answer in opened.answers if answer.asked is None]
    if len(silent) == len(opened.answers):
        raise UsageError(
            _("no answer in {bundle} tells how it was asked").format(bundle=quoted(bundle)),
            cure=_("bundle answers that a model gave; text that was read, and comparisons, are made anew instead"),
        )
    for name in dict.fromkeys(_name(answer) for answer in opened.answers if answer.asked is not None):
        model, is_same = _model(opened, name)
        if not is_same:
            said = _("note: the model {name} is another file than the one that answered")
            click.echo(said.format(name=one_line(name, 40)), err=True)
        for answer, now in _asked(opened, model, name):
            agreement = compared(answer, now)
            rows.append({"question": answer.question, "model": name, "same_model": is_same, **agreement.as_dict()})
            if not as_json:
                _tell(len(rows), rows[-1])
                _tell_difference(answer, now, agreement)
    same = all(row["same"] for row in rows)
    for answer in silent:
        said = _("note: it is not told how “{question}” was asked, and it was not asked again")
        click.echo(said.format(question=one_line(answer.question, 60)), err=True)
    if as_json:
        told = {"same": same, "answers": rows, "not_asked": [answer.question for answer in silent]}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        exactly = same and all(row["identical"] for row in rows)
        click.echo(_("all the same, to the last digit") if exactly else _("all the same") if same else _("not all the same"))
    ctx.exit(0 if same else DIFFERS)


def _name(answer: Answer) -> str:
    return dict(answer.model).get("name", "")


def _asked(bundle: Bundle, model: InstalledModel, name: str) -> list[tuple[Answer, Answer]]:
    """Each of that model's answers, with what it says now. Raises what asking raises."""
    from backend.ask import Asker
    from backend.ask.repeating import question_again, with_witnesses
    from backend.events import Cancelled, Done, Failed

    pairs: list[tuple[Answer, Answer]] = []
    asker = Asker(model)
    try:
        for answer in (one for one in bundle.answers if _name(one) == name and one.asked is not None):
            question = question_again(answer, [bundle.picture(ref) for ref in answer.pictures])
            if answer.asked is not None and answer.asked.witnesses:
                question = with_witnesses(question, answer.asked.witnesses)
            for event in asker.ask(question):
                match event:
                    case Done(answer=now):
                        pairs.append((answer, now))
                    case Failed(error=error):
                        raise error
                    case Cancelled():
                        raise SightlineError(_("the answer was cancelled"))
    finally:
        asker.close()
    return pairs


def _model(bundle: Bundle, name: str) -> tuple[InstalledModel, bool]:
    """The installed model with the same files, whatever it is called, else the one of that name; whether its files are the
    same.

    Raises ModelError where there is neither.
    """
    from backend.catalog import ModelStore, load_catalog
    from backend.catalog.digests import digest_of

    told: dict[str, Any] = next((one for one in bundle.manifest["models"] if one.get("name") == name), {})
    wanted = [told[part] for part in ("text", "mmproj") if part in told]
    store, catalog = ModelStore(), load_catalog()
    cards = sorted(catalog.cards, key=lambda card: card.name != name)
    named = None
    for card in cards:
        model = store.find(card)
        if model is None:
            continue
        named = model if card.name == name else named
        if card.server is not None or len(wanted) != 2:
            continue
        files = list(zip((model.text, model.mmproj), wanted, strict=True))
        if all(path.stat().st_size == one["bytes"] for path, one in files) and all(
            digest_of(path) == one["sha256"] for path, one in files
        ):
            return model, True
    if named is None:
        raise ModelError(
            _("the model {name} that answered is not installed").format(name=quoted(one_line(name, 60))),
            cure=_("sightline models pull, or models add, brings it"),
        )
    return named, False


def _tell(number: int, row: dict[str, Any]) -> None:
    def mark(is_same: bool, words: str) -> str:
        return f"{words} " + (click.style(_("same"), fg="green") if is_same else click.style(_("differs"), fg="red"))

    iou = "" if row["least_iou"] is None else f" (IoU ≥ {row['least_iou']:.4f})"
    parts = (
        mark(row["prompt"], _("prompt")),
        mark(row["text"], _("words")),
        mark(row["findings"], _("findings")) + iou,
        mark(row["verdicts"], _("verdicts")),
    )
    click.echo(f"{number:>3}  {one_line(row['question'], 60)}\n     {'  '.join(parts)}")


def _tell_difference(before: Answer, now: Answer, agreement: Agreement) -> None:
    """What was said and found then (-), and now (+), where that is not the same."""
    from backend.export.agreement import differing

    for then, since in differing(before, now, agreement):
        click.echo(click.style(f"     - {one_line(then, 200)}", fg="red"))
        click.echo(click.style(f"     + {one_line(since, 200)}", fg="green"))
