"""Where to look, told token by token: the teacher that made the language model look at all.

From every token that predicts part of an answer, the watched pair of heads (the last of their layer) is told in layer 1
which words name what was asked for, and in layer 2 which visual tokens speak of the object that is being written about: for
a list the object of the current entry, for a relation the first object for one head and the second for the other. The scene
knows all that, so attention becomes one more dense target; the digits are then read off the token that is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from backend.synthetic.answers import Language
from backend.synthetic.questions import Exchange, Wanted
from backend.synthetic.scenes import AnyScene, SceneObject, Thing

from .cell_code import owners
from .tokenizer import encode

LAYERS = (1, 2)
"""The layers that are told where to look: at words, at visual tokens."""
Cells = Callable[[int, Thing], tuple[int, ...]]
"""The places in a line of the visual tokens that speak of an object of a picture (from 1)."""


@dataclass(frozen=True, slots=True)
class Glance:
    """Where a head should look from one token. `head`: 0 or 1 of the watched pair, 2 or 3 of the pair before it; `at` and
    `targets`: places in the line."""

    layer: int
    head: int
    at: int
    targets: tuple[int, ...]


def cells_of(slots: Sequence[int], scenes: tuple[AnyScene, ...], grids: tuple[tuple[int, int], ...]) -> Cells:
    """Look up the visual tokens of every object. `slots`: which visual token stands at each place of the line, −1 for
    text."""
    start, places = 0, {}
    stands = {slot: n for n, slot in enumerate(slots) if slot >= 0}
    for number, (scene, grid) in enumerate(zip(scenes, grids, strict=True), 1):
        owner = owners(scene, *grid)[0]
        for n, item in enumerate(scene.objects):
            places[number, item] = tuple(stands[start + int(cell)] for cell in np.flatnonzero(owner == n))
        start += grid[0] * grid[1]
    return lambda number, item: places[number, item]


def name_end(question: str, wanted: Wanted, language: Language, taken: Sequence[int | None]) -> int | None:
    """The token of the question that ends this name, None where the question does not name it."""
    if wanted.shape is None and wanted.colour is None:
        return None
    named = wanted.said(language), wanted.said(language, "many")
    names = sorted({encode(space + name) for name in named for space in ("", " ")}, key=len, reverse=True)
    tokens = encode(question)
    for start in range(len(tokens)):
        for name in names:
            end = start + len(name) - 1
            if tokens[start : end + 1] == name and end not in taken:
                return end
    return None


def looks_for(exchange: Exchange, found: list[tuple[int, ...]], entry: int) -> list[tuple[int, ...]]:
    """The visual tokens for each head while the answer's list is at `entry`. Nine numbers are more than one pair of heads can
    carry along with all else, so for a 3D box the pair before it looks too."""
    if exchange.answer.startswith("[{"):
        heads = 4 if exchange.kind in ("solid", "solids") else 2
        return [found[entry]] * heads if entry < len(found) else []
    if exchange.kind in ("relation", "depth", "hides") and len(found) == 2:
        return found if isinstance(exchange.found[0][1], SceneObject) else found * 2
    if exchange.kind == "extreme":
        return found * 4
    if exchange.kind == "which":
        pictures = [number for number, _ in exchange.found]
        return [sum((own for number, own in zip(pictures, found, strict=True) if number == k), ()) for k in (1, 2)]
    if exchange.kind == "exists":
        return [sum(found, ())] * 2
    return []


def glances(
    exchange: Exchange, answer: tuple[int, ...], asked_at: int, first: int, cells: Cells, named: dict[Wanted, int]
) -> list[Glance]:
    """All glances of one exchange. `asked_at`, `first`: places of the question's first token and of the one before the
    answer.

    `named` remembers where the conversation named a thing, so that a later "it" can look back there.
    """
    ends: list[int | None] = []
    for wanted in exchange.asked[:2]:
        ends.append(name_end(exchange.question, wanted, exchange.language, ends))
        if ends[-1] is not None:
            named[wanted] = asked_at + ends[-1]
    words = [named.get(wanted) for wanted in exchange.asked[:2]]
    found = [cells(number, item) for number, item in exchange.found]
    made, entry, closes = list[Glance](), 0, encode('"},')[0]
    for n, token in enumerate((*answer, -1)):
        for head, place in enumerate(words if len(words) == 2 else words * 2):
            if place is not None:
                made.append(Glance(LAYERS[0], head, first + n, (place,)))
        for head, targets in enumerate(looks_for(exchange, found, entry)):
            if targets:
                made.append(Glance(LAYERS[1], head, first + n, targets))
        entry += token == closes
    return made


def on_targets(lines: Sequence[Sequence[Glance]], longest: int) -> dict[int, tuple[Tensor, Tensor]]:
    """The glances of a batch by layer: (line, head, token) as three columns, and which tokens each should fall on."""
    made = {}
    for layer in LAYERS:
        chosen = [(k, glance) for k, line in enumerate(lines) for glance in line if glance.layer == layer]
        where = torch.tensor([(k, glance.head, glance.at) for k, glance in chosen], dtype=torch.long).view(-1, 3)
        on = torch.zeros(len(chosen), longest, dtype=torch.bool)
        row = torch.tensor([n for n, (_, glance) in enumerate(chosen) for _ in glance.targets], dtype=torch.long)
        on[row, torch.tensor([t for _, glance in chosen for t in glance.targets], dtype=torch.long)] = True
        made[layer] = (where, on)
    return made
