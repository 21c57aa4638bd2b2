"""Questions phrased for the model: which task a wording asks for, and the words that task is put in.

The wordings live in prompts.toml (data, both languages); this module only applies them. A question is phrased exactly
once, and the phrased text is what the model, the cache and the history all see.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from backend.ask.task import Task

_CJK = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Wording:
    """One task's words; templates hold `{what}`. Empty templates mean that the question is sent as typed."""

    templates: dict[str, str]
    auto: re.Pattern[str] | None
    alone: re.Pattern[str] | None
    """Ends a prompt that asks for nothing but this task's JSON."""


@dataclass(frozen=True, slots=True)
class Phrasebook:
    wordings: dict[Task, Wording]
    """In the order in which `auto` tries them."""
    complete: re.Pattern[str]
    more: re.Pattern[str]
    """Asks for more than that JSON holds."""
    asks: tuple[re.Pattern[str], ...]


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


@cache
def phrasebook() -> Phrasebook:
    """The shipped wordings, read once."""
    tables = tomllib.loads(files("backend.ask").joinpath("prompts.toml").read_text("utf-8"))
    wording = tables.pop("wording")
    return Phrasebook(
        wordings={
            Task(name): Wording(
                templates={key: value for key, value in table.items() if key not in ("auto", "alone")},
                auto=_any_of(table["auto"]) if table.get("auto") else None,
                alone=_any_of(table["alone"]) if table.get("alone") else None,
            )
            for name, table in tables.items()
        },
        complete=_any_of(wording["complete"]),
        more=_any_of(wording["more"]),
        asks=tuple(re.compile(pattern, re.IGNORECASE) for pattern in wording["asks"]),
    )


def language(text: str) -> str:
    """`zh` for a question with Chinese characters, else `en`."""
    return "zh" if _CJK.search(text) else "en"


def settle(task: Task, question: str) -> Task:
    """The task a question asks for: the one that was named, else the first whose pattern its wording matches, else free."""
    if task is not Task.AUTO:
        return task
    for candidate, wording in phrasebook().wordings.items():
        if wording.auto is not None and wording.auto.search(question):
            return candidate
    return Task.FREE


def phrase(task: Task, question: str) -> str:
    """The text the model is asked, for a settled task.

    A grounding question is put in the wording the models know ("where is the cup?" → "Locate the cup, report bbox
    coordinates in JSON format."), unless it names its output format itself. A bare description ("red cup") asks for
    every object that matches it. Everything else is sent as typed.
    """
    question = question.strip()
    book = phrasebook()
    wording = book.wordings.get(task)
    templates = wording.templates if wording is not None else {}
    if not task.grounds or book.complete.search(question):
        return question
    tongue = language(question)
    for pattern in book.asks:
        if asked := pattern.match(question):
            return templates[tongue].format(what=asked["what"])
    return templates[f"description_{tongue}"].format(what=question.rstrip("。.!！?？ "))


def wants_findings_alone(task: Task, prompt: str) -> bool:
    """Whether a phrased prompt asks for this task's JSON and surely for nothing else."""
    book = phrasebook()
    wording = book.wordings.get(task)
    ending = wording.alone.search(prompt) if wording is not None and wording.alone is not None else None
    return ending is not None and not book.more.search(prompt, 0, ending.start())


def locate(name: str) -> str:
    """The question that grounds one named thing, as asked for evidence behind a claim."""
    return _about(Task.BOXES, name)


def locate_solid(name: str) -> str:
    """The question for its solid box."""
    return _about(Task.BOXES3D, name)


def locate_every(name: str) -> str:
    """The question for all things of a name; an empty one stands for everything."""
    tongue = language(name)
    every = f"every {name or 'object'}" if tongue == "en" else f"所有{name}"
    return phrasebook().wordings[Task.BOXES].templates[tongue].format(what=every)


def _about(task: Task, name: str) -> str:
    tongue = language(name)
    article = (
        "the "
        if tongue == "en" and not re.match(r"(?:the|a|an|my|your|his|her|its|their|this|that|every|all)\b", name, re.I)
        else ""
    )
    return phrasebook().wordings[task].templates[tongue].format(what=f"{article}{name}")
