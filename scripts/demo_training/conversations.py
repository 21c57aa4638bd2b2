"""Batches of conversations: one picture (or two), several conversations that know nothing of each other.

The picture costs most of the time, so each is used for several conversations at once. A mask lets every conversation see
the prompt up to the picture and itself alone, and its positions start where the picture ends: exactly what the program does
when it keeps the picture's prefix in the KV cache and asks the next question. Only answers are learnt, their third digits
at a tenth of the weight, since thousandths are beyond what so few pixels can tell.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from backend.synthetic import questions
from backend.synthetic.answers import Language
from backend.synthetic.perspective import SolidScene
from backend.synthetic.questions import ASKERS, Exchange, Kind, Wanted
from backend.synthetic.scenes import AnyScene
from backend.synthetic.solid_questions import SOLID_ASKERS, solid_one

from .glances import Cells, Glance, cells_of, glances, on_targets
from .tokenizer import encode, special

Grid = tuple[int, int]
SYSTEM = "You are a helpful assistant."
TWO_PICTURES = (("Picture 1: ", "Picture 2: "), ("Picture 1: ", "\nPicture 2: "), ("", ""), ("Picture 1:\n", "\nPicture 2:\n"))
MIX: dict[Kind, float] = {
    "one": 4.0,
    "where": 1.0,
    "every": 1.8,
    "some": 2.0,
    "point": 2.0,
    "points": 1.4,
    "count": 3.0,
    "relation": 4.0,
    "exists": 1.2,
    "describe": 0.7,
}
"""How often each kind of question is asked."""
SOLID_MIX: dict[Kind, float] = {
    "one": 2.2,
    "where": 0.6,
    "every": 1.0,
    "some": 0.3,
    "point": 0.6,
    "points": 0.3,
    "count": 1.2,
    "relation": 1.0,
    "exists": 0.7,
    "describe": 0.4,
    "solid": 4.0,
    "solids": 0.3,
    "depth": 3.0,
    "extreme": 1.5,
    "hides": 2.0,
}
"""The same for perspective scenes."""
NOT_SOLID = 0.02
"""How often a flat scene is asked for a 3D box that it does not have."""
MASKED = -30000.0


@dataclass(slots=True)
class Line:
    """One picture's row of tokens as it is written. `slot`: which visual token stands here, −1 for text. `branch`: 0 is the
    shared prompt."""

    ids: list[int] = field(default_factory=list)
    places: list[tuple[int, int, int]] = field(default_factory=list)
    branch: list[int] = field(default_factory=list)
    weight: list[float] = field(default_factory=list)
    slot: list[int] = field(default_factory=list)
    glances: list[Glance] = field(default_factory=list)
    now: int = 0
    pictures: int = 0

    def text(self, ids: tuple[int, ...] | list[int], branch: int, weights: list[float] | None = None) -> None:
        """Append text tokens; `weights` says how much the loss cares for each."""
        for offset, token in enumerate(ids):
            self.ids.append(token)
            self.places.append((self.now, self.now, self.now))
            self.branch.append(branch)
            self.weight.append(weights[offset] if weights else 0.0)
            self.slot.append(-1)
            self.now += 1

    def picture(self, grid: Grid, first_slot: int) -> None:
        """Append the visual tokens of one picture between their markers."""
        marks = special()
        self.text([marks["<|vision_start|>"]], 0)
        columns, rows = grid
        for k in range(columns * rows):
            self.ids.append(marks["<|image_pad|>"])
            self.places.append((self.now, self.now + k // columns, self.now + k % columns))
            self.branch.append(0)
            self.weight.append(0.0)
            self.slot.append(first_slot + k)
        self.now += max(columns, rows)
        self.text([marks["<|vision_end|>"]], 0)
        self.pictures += 1


def answer_weights(ids: tuple[int, ...]) -> list[float]:
    """Weight of each token of an answer: 1, a third digit of a number a tenth, also behind a decimal point."""
    digits, point = {encode(str(d))[0] for d in range(10)}, encode(".")[0]
    weights, run = [], 0
    for token in ids:
        run = run + 1 if token in digits else run if token == point else 0
        weights.append(0.1 if run >= 3 else 1.0)
    return weights


def write_branch(line: Line, talk: list[Exchange], branch: int, cells: Cells) -> None:
    """Append one conversation behind the prompt; its positions start where the prompt ends."""
    marks, newline = special(), encode("\n")
    back, named = line.now, dict[Wanted, int]()
    for turn, exchange in enumerate(talk):
        if turn:
            line.text([*newline, marks["<|im_start|>"], *encode("user\n")], branch)
        asked_at = len(line.ids)
        line.text(
            [*encode(exchange.question), marks["<|im_end|>"], *newline, marks["<|im_start|>"], *encode("assistant\n")], branch
        )
        answer = encode(exchange.answer)
        line.text([*answer, marks["<|im_end|>"]], branch, [*answer_weights(answer), 1.0])
        line.glances += glances(exchange, answer, asked_at, len(line.ids) - len(answer) - 2, cells, named)
    line.now = back


def prompt(rng: random.Random, scenes: tuple[AnyScene, ...], grids: tuple[Grid, ...]) -> Line:
    """System turn (now and then), the user's header and the pictures."""
    line, marks = Line(), special()
    if rng.random() < 0.25:
        line.text([marks["<|im_start|>"], *encode("system\n" + SYSTEM), marks["<|im_end|>"], *encode("\n")], 0)
    line.text([marks["<|im_start|>"], *encode("user\n")], 0)
    heads = rng.choice(TWO_PICTURES) if len(scenes) == 2 else ("",)
    first = 0
    for head, grid in zip(heads, grids, strict=True):
        line.text(encode(head), 0)
        line.picture(grid, first)
        first += grid[0] * grid[1]
    if len(scenes) == 2 and heads[0] and rng.random() < 0.4:
        line.text(encode("\n"), 0)
    return line


def talk_about(rng: random.Random, scene: AnyScene, grid: Grid) -> list[Exchange]:
    """One conversation: mostly a single question, sometimes with follow-ups."""
    language: Language = "en" if rng.random() < 0.55 else "zh"
    solid = isinstance(scene, SolidScene)
    mix, askers = (SOLID_MIX, SOLID_ASKERS) if solid else (MIX, ASKERS)
    kind = rng.choices(list(mix), list(mix.values()))[0]
    asker = solid_one if not solid and rng.random() < NOT_SOLID else askers[kind]
    talk = [asker(rng, scene, language, grid)]
    while len(talk) < 4 and rng.random() < 0.22:
        leaning = questions.follow_up(rng, scene, talk[-1], grid) if rng.random() < 0.6 else None
        if leaning is None:
            other = rng.choices(list(mix), list(mix.values()))[0]
            leaning = askers[other](rng, scene, language if rng.random() < 0.9 else rng.choice(("en", "zh")), grid)
        talk.append(leaning)
    return talk


def line_about(
    rng: random.Random, scenes: tuple[AnyScene, ...], grids: tuple[Grid, ...], budget: int, longest: int = 240
) -> Line:
    """The prompt and as many conversations as `budget` text tokens hold; a first one of up to `longest` stands alone."""
    line = prompt(rng, scenes, grids)
    cells = cells_of(line.slot, scenes, grids)
    left, branch = budget, 0
    for _ in range(12):
        if len(scenes) == 2:
            talk = [questions.which_picture(rng, (scenes[0], scenes[1]), rng.choice(("en", "zh")))]
        else:
            talk = talk_about(rng, scenes[0], grids[0])
        length = sum(len(encode(x.question)) + len(encode(x.answer)) + 6 for x in talk)
        if length > left and (branch or length > longest):
            continue
        branch += 1
        left -= length
        write_branch(line, talk, branch, cells)
        if left < 30:
            break
    return line


@dataclass(frozen=True, slots=True)
class TalkBatch:
    """Lines as tensors. `mask`: additive, batch × 1 × length × length. `learnt`: row and column of the tokens before each
    learnt one."""

    ids: Tensor
    places: Tensor
    mask: Tensor
    slot: Tensor
    learnt: tuple[Tensor, Tensor]
    target: Tensor
    weight: Tensor
    glances: dict[int, tuple[Tensor, Tensor]]
    """For layers 1 and 2: (line, head, token) of each glance as three columns, and which tokens it should fall on."""

    def to(self, device: torch.device) -> TalkBatch:
        """The same on another device."""
        row, column = self.learnt
        moved = (x.to(device) for x in (self.ids, self.places, self.mask, self.slot))
        return TalkBatch(
            *moved,
            (row.to(device), column.to(device)),
            self.target.to(device),
            self.weight.to(device),
            {k: (a.to(device), b.to(device)) for k, (a, b) in self.glances.items()},
        )

    @staticmethod
    def of(lines: list[Line]) -> TalkBatch:
        """Pad the lines to one length.

        Lengths and the number of learnt tokens are rounded up, for matrix kernels are compiled for each new shape, which
        takes longer than the product itself.
        """
        longest = -(-max(len(line.ids) for line in lines) // 16) * 16

        def padded(rows: list[list[int]] | list[list[float]], blank: float, kind: type) -> np.ndarray:
            return np.array([row + [blank] * (longest - len(row)) for row in rows], dtype=kind)

        ids = torch.from_numpy(padded([x.ids for x in lines], 0, np.int64))
        branch = torch.from_numpy(padded([x.branch for x in lines], -1, np.int64))
        weight = torch.from_numpy(padded([x.weight for x in lines], 0.0, np.float32))
        slot = torch.from_numpy(padded([x.slot for x in lines], -1, np.int64))
        places = np.zeros((3, len(lines), longest), dtype=np.int64)
        for k, line in enumerate(lines):
            places[:, k, : len(line.ids)] = np.array(line.places).T
        order = torch.arange(longest)
        before = order[:, None] >= order[None, :]
        seen = (branch[:, None, :] == 0) | (branch[:, None, :] == branch[:, :, None])
        mask = torch.where(before & seen, 0.0, MASKED)[:, None]
        row, column = torch.nonzero(weight > 0, as_tuple=True)
        spare = -len(row) % 256
        row, column = (torch.cat((x, torch.full((spare,), at))) for x, at in ((row, 0), (column, 1)))
        # Branches lie one behind the other, so the token before a learnt one is always of the same branch: its question's end.
        return TalkBatch(
            ids,
            torch.from_numpy(places),
            mask,
            slot,
            (row, column - 1),
            ids[row, column],
            weight[row, column],
            on_targets([line.glances for line in lines], longest),
        )
