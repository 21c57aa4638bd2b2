"""Questions phrased for the model: which task a wording asks for, and the words that task is put in.

The wordings live in the book (data, both languages); this module only applies them. A question is phrased exactly
once, and the phrased text is what the model, the cache and the history all see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from backend.ask.book import PLACE, book
from backend.ask.task import AUTO, Kind, Patterns, Task, Tongue

_CJK = re.compile(r"[\u3400-\u9fff]")
_ASKING = re.compile(r"[?？吗呢]")
_BETWEEN = re.compile(r"\s*[,，、;；]\s*(?:(?:and|or)\s)?|\s(?:and|or)\s|以及|和|与|或", re.IGNORECASE)
_BEFORE = re.compile(r"^(?:(?:all|every|each|any|the|an?) |所有的?|全部的?)+", re.IGNORECASE)
_FEW = 8
"""Words, or twice as many Chinese characters: what is longer is more than a name."""
_BEGINNING = 1_000
"""Characters that tell what a question means: patterns that look for two words far apart take ages over a whole book."""


def language(text: str) -> Tongue:
    """`zh` for a question with Chinese characters, else `en`."""
    return "zh" if _CJK.search(text) else "en"


def settle(name: str, question: str) -> Task:
    """The task a question asks for: the one that was named, else the first whose format it spells out, else the first whose
    `auto` its wording matches, else free. Raises UsageError where there is no task of that name."""
    known = book()
    if name != AUTO:
        return known.task(name)
    question = question.strip()
    spelt_out = (task for task in known.tasks if _first(task.format, question))
    meant = (task for task in known.tasks if _first(task.auto, question[:_BEGINNING]))
    return next(spelt_out, None) or next(meant, None) or known.plain(Kind.PROSE)


def phrase(task: Task, question: str) -> str:
    """The text the model is asked, for a settled task.

    A grounding question is put in the wording the models know ("where is the cup?" → "Locate the cup, report bbox
    coordinates in JSON format."), unless it names its output format itself. A bare description ("red cup") asks for
    every object that matches it. Prose is asked for as typed, unless the task has words of its own.
    """
    question = question.strip()
    known = book()
    if _first(known.complete, question):
        return question
    tongue = language(question)
    templates = task.templates.get(tongue, ())
    placed = [template for template in templates if PLACE.search(template)]  # what drops no word of the question
    own, common = _first(task.asks, question), _first(known.asks, question) if task.grounds else None
    if own and (prompt := _filled(templates, {"question": question, **own.groupdict()}, tongue)):
        return prompt
    if common and (prompt := _filled(placed, {"question": question, **common.groupdict()}, tongue)):
        return prompt
    description = task.description.get(tongue, ()) if task.grounds or _only_names(question, known.tasks) else ()
    named = {"question": question, "what": question.rstrip("。.!?！？ ")}
    return _filled(description, named, tongue) or _filled(placed, {"question": question}, tongue) or question


def counted(task: Task, question: str) -> str:
    """What asks for the boxes of everything that the question has counted; empty where that cannot be told."""
    question = question.strip()
    tongue = language(question)
    asked = _first(task.asks, question)
    return _filled(task.counted.get(tongue, ()), asked.groupdict(), tongue) if asked else ""


def wants_findings_alone(task: Task, prompt: str) -> bool:
    """Whether a phrased prompt asks for this task's JSON and surely for nothing else."""
    ending = _first(task.alone, prompt)
    if ending is None:
        return False
    asked = prompt[: ending.start()] + "\n" + (ending.groupdict().get("rest") or "")
    return not _first(book().more, asked)


def thing(question: str) -> str:
    """What a question asks for, as it names it ("where is the cup?" → "the cup"); empty where it asks something else."""
    question = question.strip()
    asked = _first(book().asks, question[:_BEGINNING])
    return asked["what"] if asked else ""


def locate(name: str) -> str:
    """The question that grounds one named thing, as asked for evidence behind a claim."""
    return _about(Kind.BOXES, name)


def locate_solid(name: str) -> str:
    """The question for its solid box."""
    return _about(Kind.BOXES3D, name)


def locate_every(name: str) -> str:
    """The question for all things of a name; an empty one stands for everything."""
    every = f"every {name or 'object'}" if language(name) == "en" else f"所有{name}"
    return _about(Kind.BOXES, every)


def _about(kind: Kind, name: str) -> str:
    """What asks for one kind of finding of that name, and for nothing else."""
    tongue = language(name)
    article = (
        "the "
        if tongue == "en" and not re.match(r"(?:the|a|an|my|your|his|her|its|their|this|that|every|all)\b", name, re.I)
        else ""
    )
    named = f"{article}{name}"
    return _filled(book().plain(kind).templates[tongue], {"what": named, "question": named}, tongue) or named


def _first(patterns: Patterns, text: str) -> re.Match[str] | None:
    return next((found for pattern in patterns if (found := pattern.search(text))), None)


def _filled(templates: Iterable[str], places: Mapping[str, str | None], tongue: Tongue) -> str:
    """The first of the templates all of whose places are known, with those filled in; empty where there is none."""
    known = {name: said for name, said in places.items() if said}
    if "what" in known:
        known["list"] = _listed(known["what"], tongue)
    for template in templates:
        if all(name in known for name in PLACE.findall(template)):
            return PLACE.sub(lambda place: known[place[1]], template)
    return ""


def _listed(what: str, tongue: Tongue) -> str:
    """“all cups, plates and the forks” as “cups, plates, forks”."""
    items = [_BEFORE.sub("", item.strip()) for item in _BETWEEN.split(what)]
    return ("、" if tongue == "zh" else ", ").join(item for item in items if item)


def _only_names(question: str, tasks: Iterable[Task]) -> bool:
    """Whether a question that wants prose only names something ("red cups", for a count)."""
    short = len(question.split()) <= _FEW and len(_CJK.findall(question)) <= 2 * _FEW
    return short and not _ASKING.search(question) and not any(_first(task.auto, question[:_BEGINNING]) for task in tasks)
