"""`sightline tasks`: what can be asked, in whose words, and where tasks of one's own go."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from backend.language import _, spoken

if TYPE_CHECKING:
    from pathlib import Path

    from backend.ask.task import Task, Tongue


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def tasks(as_json: bool) -> None:
    """List what can be asked (ask --task NAME), and where your own tasks go."""
    from backend.ask.book import book
    from backend.catalog import places

    known, file = book().tasks, places.user_tasks()
    if as_json:
        listed = [_as_dict(task) for task in known]
        click.echo(json.dumps({"file": str(file), "tasks": listed}, ensure_ascii=False, indent=2))
        return
    for line in _table(known, file):
        click.echo(line)


def _as_dict(task: Task) -> dict[str, Any]:
    return {
        "name": task.name,
        "kind": task.kind.value,
        "title": dict(task.title),
        "origin": task.origin,
        "auto": bool(task.auto or task.format),
        "counts": bool(task.counted),
    }


def _table(known: tuple[Task, ...], file: Path) -> list[str]:
    from backend.ask.task import AUTO
    from backend.sanitise import one_line

    whose = {"sightline": "", "changed": _("changed in your file"), "yours": _("your own")}
    rows = [("name", "answer", "about"), (AUTO, "any", _("one of these, from the question's wording"))]
    for task in known:
        mark = f" ({whose[task.origin]})" if whose[task.origin] else ""
        rows.append((task.name, task.kind.value, one_line(task.title[tongue()], 120) + mark))
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    there = "" if file.exists() else _(" (not there yet)")
    return [
        *(f"{name:<{widths[0]}}  {kind:<{widths[1]}}  {about}" for name, kind, about in rows),
        "",
        _("your own tasks: {file}{there}").format(file=one_line(str(file)), there=there),
    ]


def tongue() -> Tongue:
    """In which of the languages that questions are asked in the tasks are described."""
    return "zh" if spoken().startswith("zh") else "en"
