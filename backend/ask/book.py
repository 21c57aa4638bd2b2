"""The book of tasks: tasks.toml as it is shipped, with the user's own tasks.toml laid over it.

It is read again when the user's file changes, so that the app need not be started anew after an edit. Every slip in that
file is a TasksError that names file, table and key; nothing in it can reach a question half understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from backend.ask.task import AUTO, Kind, Patterns, Task, Templates, Tongue
from backend.catalog import places
from backend.errors import TasksError, UsageError
from backend.language import N_, _
from backend.sanitise import one_line
from backend.toml_file import read_toml
from backend.toml_rules import Flag, Rule, Spot, Table, Text, unknown

SHIPPED = Path(__file__).with_name("tasks.toml")
TONGUES: tuple[Tongue, ...] = ("en", "zh")
PLACE = re.compile(r"\{([a-z_]\w*)\}", re.IGNORECASE)
"""Where something of the question goes into a template."""
NAMED = frozenset({"what", "list", "question"})
"""Places that a question can fill which only names something."""


@dataclass(frozen=True, slots=True)
class _Texts:
    """A template or several."""

    def check(self, value: object, spot: Spot) -> None:
        texts = value if isinstance(value, list) else [value]
        for text in texts:
            _LINE.check(text, spot)
        if not texts:
            spot.refuse(_("this list is empty"), cure=_("leave the key out, or give a text"))


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Regular expressions. `choosing`: they decide on the task, so that none may match just any question."""

    choosing: bool = False

    def check(self, value: object, spot: Spot) -> None:
        if not isinstance(value, list):
            spot.refuse(_("this is not a list of patterns"), cure=_("write ['…', '…'], in single quotes"))
        for number, pattern in enumerate(value, 1):
            if not isinstance(pattern, str):
                spot.refuse(
                    _("pattern {number}, “{pattern}”, is not text").format(number=number, pattern=one_line(str(pattern), 60)),
                    cure=_("write it in single quotes"),
                )
            try:
                compiled = re.compile(pattern, re.IGNORECASE)
            except (re.error, OverflowError, RecursionError) as error:
                why = one_line(str(error), 120)
                spot.refuse(
                    _("pattern {number}, “{pattern}”, is no regular expression: {why}").format(
                        number=number, pattern=one_line(pattern, 60), why=why
                    )
                )
            if self.choosing and compiled.search(""):
                spot.refuse(
                    _("pattern {number}, “{pattern}”, matches every question").format(
                        number=number, pattern=one_line(pattern, 60)
                    )
                )


_LINE = Text(r"(?s)[^\x00-\x09\x0b-\x1f\x7f]{1,4000}", N_("a text of 1 to 4,000 characters, without control characters"))
_NAME = Text(r"[a-z0-9][a-z0-9_-]{0,39}", N_("the name of a task: small letters, digits, _ and -, at most 40 of them"))
_BOTH: dict[str, Rule] = {"title": Text(), "description": _Texts(), "counted": _Texts()}
_TASK = Table(
    {
        "kind": Text("|".join(Kind), f"one of {', '.join(Kind)}"),
        "en": _Texts(),
        "zh": _Texts(),
        **{f"{key}_{tongue}": rule for key, rule in _BOTH.items() for tongue in TONGUES},
        "asks": _Patterns(),
        "format": _Patterns(choosing=True),
        "auto": _Patterns(choosing=True),
        "also": _Patterns(choosing=True),
        "alone": _Patterns(),
        "closely": Flag(),
        "claims": Flag(),
    }
)
_OF_PROSE = ("counted_en", "counted_zh", "closely", "claims")


@dataclass(frozen=True, slots=True)
class Book:
    """Every task that can be named, and what all of them share."""

    tasks: tuple[Task, ...]
    """In the order in which `auto` tries them."""
    complete: Patterns
    """Questions that say themselves which format they want."""
    more: Patterns
    """What asks for more than a task's JSON holds."""
    asks: Patterns
    """Questions that ask for one thing, the group `what`."""

    def task(self, name: str) -> Task:
        """The task of that name. Raises UsageError with those that there are."""
        for task in self.tasks:
            if task.name == name:
                return task
        names = [AUTO, *(task.name for task in self.tasks)]
        close = get_close_matches(name.lower(), names, n=1)
        hint = _("did you mean {name}? ").format(name=close[0]) if close else ""
        raise UsageError(
            _("there is no task “{name}”").format(name=one_line(name, 60)),
            cure=_("{hint}tasks: {names}").format(hint=hint, names=", ".join(names)),
        )

    def plain(self, kind: Kind) -> Task:
        """The task that asks for answers of that kind and for nothing else."""
        return self.task("free" if kind is Kind.PROSE else kind.value)


def book() -> Book:
    """What can be asked now. Raises TasksError where the user's file is not understood."""
    file = places.user_tasks()
    try:
        seen = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return _bound(None, (0, 0))
    except OSError:
        return _bound(file, (0, 0))  # which will say why it cannot be read
    return _bound(file, (seen.st_mtime_ns, seen.st_size))


@lru_cache(maxsize=4)
def _bound(file: Path | None, _stamp: tuple[int, int]) -> Book:
    """The book with that file of the user's over it; the stamp tells its versions apart."""
    shipped, wording = _shipped()
    own = {} if file is None else _own(file, shipped)
    new = [name for name in own if name not in shipped]
    tasks = []
    for name in (*new, *shipped):
        said = {**shipped.get(name, {}), **own.get(name, {})}
        origin = "yours" if name in new else "changed" if name in own else "sightline"
        spot = Spot(SHIPPED if file is None else file, f"tasks.{name}", error=TasksError)
        _fillable(own.get(name, {}), said, spot)
        tasks.append(_task(name, said, origin, spot, shipped))
    return Book(tuple(tasks), **{key: _compiled(patterns) for key, patterns in wording.items()})


@cache
def _shipped() -> tuple[dict[str, dict[str, Any]], dict[str, list[str]]]:
    document = read_toml(SHIPPED, TasksError)
    return document["tasks"], document["wording"]


def _own(file: Path, shipped: Mapping[str, object]) -> dict[str, dict[str, Any]]:
    """The user's tables, each value checked on its own."""
    document = read_toml(file, TasksError)
    for key in document:
        if key != "tasks":
            unknown(key, {"tasks": None}, Spot(file, "top level", key, TasksError))
    tables = document.get("tasks", {})
    if not isinstance(tables, dict):
        Spot(file, "tasks", error=TasksError).refuse(_("this is not a table; write [tasks.NAME]"))
    for name, table in tables.items():
        spot = Spot(file, f"tasks.{name}", error=TasksError)
        _NAME.check(name, spot)
        if name == AUTO:
            spot.refuse(_("this name stands for a task that is settled from the wording"), cure=_("give the task another name"))
        _TASK.check(table, spot)
        if name in shipped and "kind" in table:
            spot.inside("kind").refuse(_("the kind of a shipped task is settled"), cure=_("add a task of another name"))
    return tables


def _fillable(own: Mapping[str, Any], said: Mapping[str, Any], spot: Spot) -> None:
    """Refuse a text of the user's with a place that no question can fill."""
    groups = {group for pattern in _compiled(said.get("asks", ())) for group in pattern.groupindex}
    for prefix, known in (
        ("", NAMED | groups),
        ("description_", NAMED),
        ("counted_", groups),
    ):
        for key in (f"{prefix}{tongue}" for tongue in TONGUES):
            unknown = sorted(place for text in _listed(own.get(key, ())) for place in _places(text) - known)
            if unknown:
                spot.inside(key).refuse(
                    _("nothing in a question fills {{{unknown}}}").format(unknown=unknown[0]),
                    cure=_("known here: {known}").format(known=", ".join(sorted(known)) or _("none")),
                )


def _task(name: str, said: Mapping[str, Any], origin: str, spot: Spot, shipped: Mapping[str, Mapping[str, Any]]) -> Task:
    if "kind" not in said:
        known = ", ".join(shipped)
        spot.inside("kind").refuse(
            _("this key is missing, and the task is not known otherwise"),
            cure=_("write one of {kind}; or change one of these: {known}").format(kind=", ".join(Kind), known=known),
        )
    kind = Kind(said["kind"])
    if kind is Kind.PROSE and "alone" in said:
        spot.inside("alone").refuse(_("this key is of no use to prose"), cure=_("take it out"))
    for key in () if kind is Kind.PROSE else _OF_PROSE:
        if key in said:
            spot.inside(key).refuse(_("only prose has this key"), cure=_('take it out, or let kind be "prose"'))
    templates, description = _templates(said, ""), _templates(said, "description_")
    if kind is not Kind.PROSE and not description:
        description = {tongue: _for_names(texts) for tongue, texts in templates.items()}
        if not (description and all(description.values())):
            spot.inside("en").refuse(_("this needs a text for the thing that is asked for"), cure=_("put {what} where it goes"))
    return Task(
        name=name,
        kind=kind,
        title={
            tongue: said.get(f"title_{tongue}") or said.get("title_en") or said.get("title_zh") or name for tongue in TONGUES
        },
        templates=templates,
        description=description,
        counted=_templates(said, "counted_"),
        asks=_compiled(said.get("asks", ())),
        format=_compiled(said.get("format", ())),
        auto=_compiled((*said.get("auto", ()), *said.get("also", ()))),
        alone=_compiled(said.get("alone", shipped[kind.value]["alone"]) if kind is not Kind.PROSE else ()),
        closely=kind is not Kind.PROSE or said.get("closely", False),
        claims=kind is Kind.PROSE and said.get("claims", True),
        origin=origin,
    )


def _templates(said: Mapping[str, Any], prefix: str) -> Templates:
    """The texts of both languages, the one standing in for the other where that has none; nothing where neither has."""
    given: dict[Tongue, tuple[str, ...]] = {tongue: _listed(said.get(f"{prefix}{tongue}", ())) for tongue in TONGUES}
    either = given["en"] or given["zh"]
    return {tongue: texts or either for tongue, texts in given.items()} if either else {}


def _listed(texts: str | Iterable[str]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


def _for_names(templates: Iterable[str]) -> tuple[str, ...]:
    """Those that a mere name fills."""
    return tuple(template for template in templates if _places(template) and _places(template) <= NAMED)


def _places(template: str) -> frozenset[str]:
    return frozenset(PLACE.findall(template))


def _compiled(patterns: Iterable[str]) -> Patterns:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)
