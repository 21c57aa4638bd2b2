"""`sightline sessions`: what was asked in the app, listed, shown, renamed, exported and deleted."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backend.errors import UsageError
from backend.language import N_, _, ngettext
from backend.sanitise import lines, one_line

if TYPE_CHECKING:
    from backend.memory.session_values import SessionHead, SessionSummary, StoredExchange
    from backend.memory.sessions import Sessions

_PAGE = 500
"""Sessions that are read at once."""

_STUDIES = {
    "tracks": N_("things followed through it"),
    "changes": N_("what changed between them"),
    "stereo": N_("the depth that they tell"),
    "map": N_("the map of its place"),
}
"""What the app's tabs of these names show."""


@click.group(invoke_without_command=True)
@click.pass_context
def sessions(ctx: click.Context) -> None:
    """List, show, rename, export and delete sessions of the app. Without a command: list.

    A SESSION is given by its name, by its key or the beginning of it, or as `latest`.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_sessions, query=(), limit=20, as_json=False)


@sessions.command("list")
@click.argument("query", nargs=-1, metavar="[WORD]…")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="At most so many, the last used first.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list instead of a table.")
def list_sessions(query: tuple[str, ...], limit: int, as_json: bool) -> None:
    """List sessions in which something was asked; those with all WORDs in a question, an answer, a name or a folder."""
    store = _store()
    found: list[SessionSummary] = []
    while len(found) < limit:
        page = store.page(len(found), min(_PAGE, limit - len(found)), " ".join(query))
        found += page
        if not page:
            break
    if as_json:
        click.echo(json.dumps([_as_dict(one, store) for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        _tell(one, open_now=store.is_open(one.head.key))
    if not found:
        nothing = _("no session holds these words") if query else _("nothing was asked in the app yet: sightline [PATH]…")
        click.echo(nothing, err=True)
    elif len(found) == limit and (rest := store.count(" ".join(query)) - limit) > 0:
        click.echo(ngettext("and {count} more: --limit", "and {count} more: --limit", rest).format(count=rest), err=True)


@sessions.command()
@click.argument("session")
@click.option("--json", "as_json", is_flag=True, help="The whole session as one JSON object.")
def show(session: str, as_json: bool) -> None:
    """Show what was asked in SESSION, what was answered, and what else was found out."""
    from backend.memory.session_export import as_text

    store = _store()
    loaded = store.load(store.find(session).key)
    if as_json:
        click.echo(as_text(loaded), nl=False)
        return
    click.echo(_named(loaded.head))
    for conversation in loaded.conversations:
        click.echo()
        click.echo(", ".join(one_line(str(path)) for path in conversation.pictures))
        for exchange in conversation.exchanges:
            click.echo(f"  › {lines(exchange.question)}")
            for line in _answered(exchange):
                click.echo(f"    {line}")
    for study in loaded.studies:
        click.echo()
        click.echo(", ".join(one_line(str(path)) for path in study.pictures))
        click.echo(f"  {_(_STUDIES.get(study.kind, study.kind))} ({study.made.astimezone():%Y-%m-%d %H:%M})")


@sessions.command()
@click.argument("session")
@click.argument("name")
def rename(session: str, name: str) -> None:
    """Call SESSION by another NAME; an empty one: by its folder again."""
    store = _store()
    store.rename(store.find(session).key, name)


@sessions.command()
@click.argument("session")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="A file that is not there yet; - for standard output."
)
def export(session: str, out: Path | None) -> None:
    """Write SESSION as JSON: all conversations with every branch. Into session-KEY.json here, unless --out says otherwise."""
    from backend.memory.session_export import as_text, write_json, write_text

    store = _store()
    loaded = store.load(store.find(session).key)
    if out is not None and str(out) == "-":
        click.echo(as_text(loaded), nl=False)
        return
    written = write_json(loaded, Path.cwd()) if out is None else write_text(as_text(loaded), out)
    click.echo(_("saved {path}").format(path=one_line(str(written))), err=True)


@sessions.command()
@click.argument("names", nargs=-1, metavar="[SESSION]…")
@click.option("--all", "everything", is_flag=True, help="All of them, but those that are open.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(names: tuple[str, ...], everything: bool, yes: bool) -> None:
    """Delete SESSIONs for good. Answers stay in the journal: sightline forget takes those out, sessions included."""
    if bool(names) == everything:
        raise UsageError(_("say what to delete"), cure=_("give SESSIONs, or --all"))
    store = _store()
    keys = store.keys() if everything else list(dict.fromkeys(store.find(name).key for name in names))
    if everything:
        keys = [key for key in keys if not store.is_open(key)]
    if keys and not yes:
        if not sys.stdin.isatty():
            raise UsageError(_("nobody is there to ask"), cure=_("add --yes"))
        asked = ngettext("Delete {count} session for good?", "Delete {count} sessions for good?", len(keys))
        click.confirm(asked.format(count=len(keys)), abort=True, err=True)
    gone = store.delete(*keys)
    click.echo(ngettext("deleted {count} session", "deleted {count} sessions", gone).format(count=gone), err=True)
    left = len(store.keys()) if everything else 0
    if left:
        still = ngettext("{count} is open and stays", "{count} are open and stay", left)
        click.echo(_("note: {what}").format(what=still.format(count=left)), err=True)


def _store() -> Sessions:
    from backend.memory.journal import default_path
    from backend.memory.sessions import Sessions

    return Sessions(default_path())


def _named(head: SessionHead) -> str:
    from backend.memory.sessions import title

    opened = ", ".join(one_line(str(path)) for path in head.opened)
    return f"{one_line(title(head), 60)}  {head.key}  {opened}"


def _tell(one: SessionSummary, *, open_now: bool) -> None:
    asked = ngettext("{count} question", "{count} questions", one.questions).format(count=one.questions)
    if one.studies:
        asked += ", " + ngettext("{count} study", "{count} studies", one.studies).format(count=one.studies)
    state = f", {_('open now')}" if open_now else ""
    last = f": {one_line(one.last_question, 80)}" if one.last_question else ""
    click.echo(_named(one.head))
    click.echo(f"  {one.head.used.astimezone():%Y-%m-%d %H:%M}, {asked}{state}{last}")


def _answered(exchange: StoredExchange) -> list[str]:
    from backend.memory.session_rows import FINDINGS

    told = exchange.answer or {}
    found = [one for key in FINDINGS for one in told.get(key, ())] or list(exchange.findings)
    prose = "" if found and exchange.text.lstrip().startswith(("[", "{", "```")) else lines(exchange.text.strip())
    said = prose.splitlines()
    said += [f"{one_line(str(one.get('id', '')))}  {one_line(str(one.get('label', '')), 60)}".strip() for one in found]
    if exchange.error is not None:
        said.append(one_line(exchange.error[0]))
    elif exchange.answer is None:
        said.append(f"({_OUTCOMES[exchange.outcome.value]()})")
    return said


_OUTCOMES = {
    "running": lambda: _("is being answered, or was when its program was killed"),
    "answered": lambda: _("answered"),
    "stopped": lambda: _("stopped"),
    "failed": lambda: _("failed"),
    "interrupted": lambda: _("interrupted"),
}


def _as_dict(one: SessionSummary, store: Sessions) -> dict[str, Any]:
    return {
        "key": one.head.key,
        "name": one.head.name,
        "opened": [str(path) for path in one.head.opened],
        "model": one.head.model,
        "began": one.head.began.isoformat(timespec="milliseconds"),
        "used": one.head.used.isoformat(timespec="milliseconds"),
        "questions": one.questions,
        "last_question": one.last_question,
        "studies": one.studies,
        "open": store.is_open(one.head.key),
    }
