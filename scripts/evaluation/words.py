"""The reader of text, and what it is worth as a ground of claims, on drawn signs in both languages.

The character error rate is edits (substitutions, deletions, insertions) by characters of the truth, over all signs of a
line of the table: Morris, Maier & Green, "From WER and RIL to MER and WIL", Interspeech 2004, with characters for words.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import Any, get_args

from backend.ask.words import judged
from backend.scene import Box
from backend.synthetic import EVALUATION_SEEDS
from backend.synthetic.signs import Language, Sign, SignScene, draw_signs
from backend.witness.words import WordReader
from scripts.demo_evaluation import overlap, picture_of
from scripts.evaluation.markdown import table as markdown

SIZES = (10, 14, 20, 40, 60)
"""Of the font, pixels."""
_SCENES_FOR = 25
"""Questions for one scene of each size and language."""
_SIDES = {"left": ("left of", "左边"), "right": ("right of", "右边"), "above": ("above", "上面"), "below": ("below", "下面")}


def measured(questions: int) -> dict[str, Any]:
    """For each language and size how well it is read; and verdicts on true and false statements about pairs of signs."""
    reader = WordReader(threads=2)
    lines, verdicts = [], Counter[str]()
    for language in get_args(Language):
        for size in SIZES:
            line = {
                "language": language,
                "size": size,
                "signs": 0,
                "found": 0,
                "edits": 0,
                "characters": 0,
                "iou": 0.0,
                "extra": 0,
            }
            for number in range(max(2, questions // _SCENES_FOR)):
                scene = draw_signs(3 * EVALUATION_SEEDS + 100 * size + number, language, heights=(size, size), shapes=0)
                picture = picture_of(scene, "signs")  # type: ignore[arg-type]
                words = reader.read(picture)
                _read(line, scene, words)
                verdicts.update(_judged(scene, language, words, random.Random(number)))
            lines.append(line)
    return {"lines": lines, "verdicts": dict(verdicts)}


def distance(one: str, other: str) -> int:
    """Levenshtein's: the fewest substitutions, deletions and insertions that make one text of the other."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def _read(line: dict[str, Any], scene: SignScene, words: tuple[Box, ...]) -> None:
    """Count what was read of each sign: the lines whose centres lie on its board, from left to right."""
    used = 0
    for sign in scene.signs:
        on_it = sorted((word for word in words if _on(word, sign)), key=lambda word: word.x1)
        used += len(on_it)
        said = " ".join(word.label for word in on_it)
        line["signs"] += 1
        line["found"] += bool(on_it)
        line["edits"] += distance(sign.text, said)
        line["characters"] += len(sign.text)
        if on_it:
            around = (min(w.x1 for w in on_it), min(w.y1 for w in on_it), max(w.x2 for w in on_it), max(w.y2 for w in on_it))
            line["iou"] += overlap(around, sign.line)
    line["extra"] += len(words) - used


def _on(word: Box, sign: Sign) -> bool:
    x, y = word.centre
    return sign.board[0] <= x <= sign.board[2] and sign.board[1] <= y <= sign.board[3]


def _judged(scene: SignScene, language: Language, words: tuple[Box, ...], rng: random.Random) -> list[str]:
    """What becomes of a true and of a false statement about two signs that are clearly apart along an axis."""
    if len(scene.signs) < 2:
        return []
    a, b = rng.sample(scene.signs, 2)
    side = _side(a, b)
    if side is None:
        return []
    opposite = {"left": "right", "right": "left", "above": "below", "below": "above"}[side]
    told = []
    for true, word in ((True, side), (False, opposite)):
        english, chinese = _SIDES[word]
        statement = (
            f"The sign that says {a.text} is {english} the sign that says {b.text}."
            if language == "en"
            else f"写着“{a.text}”的牌子在写着“{b.text}”的牌子的{chinese}。"
        )
        (claim,), _ = judged(statement, picture_of(scene, "signs"), words, lambda _: [])  # type: ignore[arg-type]
        ruling = claim.verdict.ruling.value if claim.verdict else "not checked"
        told.append(f"{'true' if true else 'false'}, {ruling}")
    return told


def _side(a: Sign, b: Sign) -> str | None:
    if a.line[2] + 20 < b.line[0]:
        return "left"
    if b.line[2] + 20 < a.line[0]:
        return "right"
    if a.line[3] + 20 < b.line[1]:
        return "above"
    return "below" if b.line[3] + 20 < a.line[1] else None


def table(figures: dict[str, Any]) -> str:
    """For docs/accuracy.md."""
    names = {"en": "English", "zh": "Chinese"}
    rows = [
        (
            f"{names[line['language']]}, {line['size']} px",
            str(line["signs"]),
            f"{line['found'] / line['signs']:.1%}",
            f"{line['edits'] / line['characters']:.2%}",
            f"{line['iou'] / max(1, line['found']):.2f}",
            str(line["extra"]),
        )
        for line in figures["lines"]
    ]
    for language, name in names.items():
        mine = [line for line in figures["lines"] if line["language"] == language]
        edits, characters = sum(line["edits"] for line in mine), sum(line["characters"] for line in mine)
        signs, found = sum(line["signs"] for line in mine), sum(line["found"] for line in mine)
        iou = sum(line["iou"] for line in mine) / max(1, found)
        extra = str(sum(line["extra"] for line in mine))
        rows.append((f"**{name}**", str(signs), f"{found / signs:.1%}", f"**{edits / characters:.2%}**", f"{iou:.2f}", extra))
    heads = (
        "text, height of the letters",
        "signs",
        "found",
        "character error rate",
        "IoU of the line",
        "lines where nothing is",
    )
    counts = figures["verdicts"]
    rulings = ("confirmed", "undetermined", "contradicted", "not checked")
    judged_rows = [
        (f"{kind} statements", *(str(counts.get(f"{kind}, {ruling}", 0)) for ruling in rulings)) for kind in ("true", "false")
    ]
    return markdown(heads, rows) + "\n" + markdown(("about two signs", *rulings), judged_rows)
