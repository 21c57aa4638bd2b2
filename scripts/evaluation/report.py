"""The tables of docs/accuracy.md, made from the JSON files of the runs. The words around them are written by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from scripts.evaluation import camera, depth, films, places, stereo, tracks, views, watching, words
from scripts.evaluation.markdown import table


class NoPlace(Exception):
    """The document has no marks for figures that were measured."""


def refresh(document: Path, files: Iterable[Path]) -> None:
    """Put the tables of each part that these files hold between its marks; of a part that several hold the last counts.

    The document says where: `<!-- figures: PART -->` and, after them, `<!-- end of PART -->`. Other parts stay as they are.
    """
    text = document.read_text("utf-8")
    for file in files:
        figures = json.loads(file.read_text("utf-8"))
        for part, write in SECTIONS.items():
            if part in figures:
                text = _placed(text, part, f"{_made(figures)}\n{write(figures[part])}")
    document.write_text(text, "utf-8")


def _placed(text: str, part: str, table: str) -> str:
    begin, end = f"<!-- figures: {part} -->\n", f"<!-- end of {part} -->"
    if begin not in text or end not in text:
        raise NoPlace(f"the document has no {begin.strip()} and {end}")
    before, rest = text.split(begin, 1)
    return f"{before}{begin}{table}{end}{rest.split(end, 1)[1]}"


def _made(figures: dict[str, Any]) -> str:
    return f"*Measured on {figures['made']}, {figures['questions']} questions of each family, or scenes.*\n"


def _verdicts(figures: dict[str, dict[str, int]]) -> str:
    rows = []
    for name, counts in figures.items():
        total = sum(counts.values())
        shares = [_share(counts.get(outcome, 0), total) for outcome in ("right", "undetermined", "wrong")]
        ruled = counts.get("right", 0) + counts.get("wrong", 0)
        rows.append((name, str(total), *shares, _share(counts.get("right", 0), ruled)))
    clear = [counts for name, counts in figures.items() if name.endswith("exact, clear")]
    right, total = sum(c.get("right", 0) for c in clear), sum(sum(c.values()) for c in clear)
    wrong = sum(c.get("wrong", 0) for c in clear)
    off = [counts for name, counts in figures.items() if name.endswith("off by σ, clear")]
    return (
        f"- true boxes, clear truth: **{right / total:.1%}** right (goal 99 %), {wrong} wrong of {total}\n"
        f"- boxes off by σ, clear truth: {sum(c.get('wrong', 0) for c in off)} wrong of {sum(sum(c.values()) for c in off)}\n\n"
        + table(("relations, boxes, truth", "claims", "right", "undetermined", "wrong", "right of those ruled on"), rows)
    )


def _answers(figures: dict[str, Any]) -> str:
    lines = figures["verdicts"]
    rows = [
        (
            line["family"],
            line["looks"],
            str(line["wrong"]),
            _share(line["caught"], line["wrong"]),
            _share(line["wrong, contradicted"], line["wrong"]),
            str(line["right"]),
            _share(line["false alarms"], line["right"]),
            _share(line["right, taken back"], line["right"]),
            _share(line["right, confirmed"], line["right"]),
        )
        for line in lines
    ]
    heads = ("family", "", "wrong", "caught", "of them contradicted", "right", "contradicted", "taken back", "confirmed")
    mirrored = figures["mirrored"]
    steps = [
        (f"{step['from']:.0%} to {step['to']:.0%}", str(step["rulings"]), _percent(step["said"]), _percent(step["right"]))
        for step in figures["reliability"]
    ]
    return (
        table(heads, rows) + "\n#### Asked again on the mirrored picture\n\n"
        f"- wrong statements of left or right that it flags: **{_share(mirrored['flagged'], mirrored['wrong'])}** of "
        f"{mirrored['wrong']} (goal 60 %)\n"
        f"- right ones that it flags: {_share(mirrored['right, flagged'], mirrored['right'])} of {mirrored['right']}\n"
        "\n#### Confidence\n\n" + table(("called", "rulings", "mean of what is said", "right"), steps)
    )


def _zoom(figures: dict[str, Any]) -> str:
    rows = [(name, f"{value:.3f}" if isinstance(value, float) else str(value)) for name, value in figures.items()]
    return table(("", ""), rows)


def _parser(figures: dict[str, Any]) -> str:
    return f"- the project's corpus of forms: **{figures['right']} of {figures['texts']}** texts\n"


def _solids(figures: dict[str, Any]) -> str:
    rows = [(name, str(value)) for name, value in figures.items()]
    return table(("", ""), rows)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%} ({part})" if whole else "none"


def _percent(value: float | None) -> str:
    return "none" if value is None else f"{value:.1%}"


SECTIONS: dict[str, Callable[[Any], str]] = {
    "parser": _parser,
    "verdicts": _verdicts,
    "places": places.table,
    "answers": _answers,
    "zoom": _zoom,
    "solids": _solids,
    "stereo": stereo.table,
    "films": films.table,
    "watch": watching.table,
    "tracks": tracks.tables,
    "camera": camera.table,
    "depth": depth.table,
    "views": views.table,
    "words": words.table,
}
