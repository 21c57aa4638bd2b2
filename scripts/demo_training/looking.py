"""A first idea of looking, put into the language model by hand: find the words for things, then the cells that are like them.

Matching the two words of a question with a cell is a circuit of several layers that pays only once it is whole: left to
itself the model talked for half an hour (on two cores) before it looked. So words for colours and shapes carry the entries
of the cell code, and three attention heads start with a task. It is only a beginning: training is free to change every
weight, and `glances` tells the same heads token by token where to look.

- layer 0, "near": every word gathers what the nearest words name, so that "circle" in "red circle" knows of red;
- layer 1, "far": every word gathers what any word of the prompt names, so that an answer knows what was asked for;
- layer 2, "seek": a word attends to the visual tokens that are like it, and copies what they say.

Rotary pairs turn with the distance: fast ones make a head near-sighted, slow ones let it compare at any distance.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch

from backend.synthetic.scenes import ALL_SHAPES, COLOURS

from .architecture import Qwen3VL, TextAttention
from .cell_code import BOX, ECHO, FOUND, FREQUENCIES, LOUDNESS, METRES, PICTURE, SPACE, WORD
from .tokenizer import encode

NEAR, FAR = (4, 7, 10), (12, 14, 16)
"""Rotary pairs: their sum falls off within a few tokens; within a few dozen."""
SLOW = 19
"""First of the thirteen slow pairs on which likeness is compared."""
AGAINST = (61, 62)
"""Slow places of the head for "is a picture" and "is a word"."""

_WORDS = [(c.name, c.chinese) for c in COLOURS] + [(s.name, s.plural, s.chinese) for s in ALL_SHAPES]
NAMES: list[tuple[int, tuple[str, ...]]] = list(zip(ECHO, _WORDS, strict=True))
FEATURES = ECHO[:-1]
"""Of the flat shapes; `know_solids` adds the box."""
BOXES = [BOX.start + n for n in range(BOX.stop - BOX.start) if n % len(FREQUENCIES) in (1, 2, 3, 4)]
CENTRE = [BOX.start + place * 2 * len(FREQUENCIES) for place in (4, 5)]
"""The slowest cosine of the centre's x and y."""
DIFFERENCE = (284, 285)
"""Where the difference of two centres is written."""
LEFT_OUT = (METRES.start + 2, METRES.start + 6, METRES.start + 10)
"""Waves of |x| and y that do without, so that all the rest fits into one head of 64."""
BOTTOM = BOX.start + 3 * 2 * len(FREQUENCIES) + 1
"""The cosine of the lower edge that rises all the way from the middle of the picture to its foot: how near a box stands."""
LOWER = SPACE.stop
"""Where the difference of two lower edges is written."""

Weights = Sequence[tuple[int, int, float]]
"""(place in the head, entry of the residual stream, weight)"""


def set_head(attention: TextAttention, query: Weights, key: Weights, value: Weights) -> None:
    """Give the last pair of query heads its first task; the second of the pair keeps its own questions and shares keys and
    values. `value`: (read, written, weight)."""
    size, last = attention.shape.head, attention.shape.heads - 2
    shared = last // 2
    rows = slice(shared * size, (shared + 1) * size)
    asking = attention.q_proj.weight[last * size : (last + 1) * size]
    keys, values = attention.k_proj.weight[rows], attention.v_proj.weight[rows]
    out = attention.o_proj.weight[:, last * size : (last + 1) * size]
    for weight in (asking, keys, values, out):
        weight.mul_(0.02)
    for weight, entries in ((asking, query), (keys, key)):
        for place, entry, strength in entries:
            weight[place, entry] += strength
    for place, (read, written, strength) in enumerate(value):
        values[place, read] += 1.0
        out[written, place] += strength


def gather(attention: TextAttention, pairs: Sequence[int], shy: float) -> None:
    """Attend to words that name something, not to pictures. `shy`: how little a word that names something itself does so."""
    query = [(pair, WORD, 1.0) for pair in pairs] + [(AGAINST[0], WORD, -1.0)]
    query += [(pair, entry, -shy) for pair in pairs for entry in FEATURES]
    key = [(pair, entry, 1.0) for pair in pairs for entry in FEATURES] + [(AGAINST[0], PICTURE.start, 6.0)]
    set_head(attention, query, key, [(entry, entry, 0.75) for entry in FEATURES])


def seek(attention: TextAttention) -> None:
    """Attend to visual tokens that are like this word, and note what they say.

    The second head of the pair is taught to look at the second thing that a question names. What both say of their centres,
    on the slowest wave, which falls from edge to edge, is written with opposite signs: the difference is the relation.
    """
    alike = [(SLOW + n, entry, 1.0) for n, entry in enumerate(FEATURES)]
    query = [*alike, (AGAINST[0], WORD, 0.5), (AGAINST[1], WORD, -1.5)]
    key = [*alike, (AGAINST[0], PICTURE.start, 1.0), (AGAINST[1], WORD, 1.5)]
    value = [(entry, noted, 0.35) for entry, noted in zip(FEATURES, FOUND[:-1], strict=True)] + [
        (entry, entry, 0.4) for entry in BOXES
    ]
    set_head(attention, query, key, value)
    compare(attention, first_place=len(value))


def compare(attention: TextAttention, first_place: int) -> None:
    """Write where the first head's object lies, less where the second's does."""
    size, last = attention.shape.head, attention.shape.heads - 2
    for n, (read, written) in enumerate(zip(CENTRE, DIFFERENCE, strict=True)):
        place = first_place + n
        attention.v_proj.weight[last // 2 * size + place] *= 0.0
        attention.v_proj.weight[last // 2 * size + place, read] = 1.0
        attention.o_proj.weight[written, last * size + place] = 0.6
        attention.o_proj.weight[written, (last + 1) * size + place] = -0.6


@torch.no_grad()
def know_words(model: Qwen3VL) -> None:
    """Mark words, let those for colours and shapes carry the code's entries, and set the three heads."""
    table = model.language.embed_tokens.weight
    table[:, ECHO[0] :] = 0.0
    table[:, WORD] = 1.0
    for entry, names in NAMES[:-1]:
        mean(model, entry, names)
    layers = [block.self_attn for block in model.language.layers]
    for block in model.language.layers:
        block.self_attn.o_proj.weight[ECHO[0] :] = 0.0
        block.mlp.down_proj.weight[ECHO[0] :] = 0.0
    gather(layers[0], NEAR, shy=0.0)
    gather(layers[1], FAR, shy=0.5)
    seek(layers[2])
    know_solids(model)
    model.tower.merger.linear_fc2.bias[PICTURE] = LOUDNESS


@torch.no_grad()
def mean(model: Qwen3VL, entry: int, names: Sequence[str]) -> None:
    """Let these words carry an entry of the code."""
    for name in names:
        for text in (name, " " + name) if name.isascii() else (name,):
            (token,) = encode(text)
            model.language.embed_tokens.weight[token, entry] = LOUDNESS


@torch.no_grad()
def know_solids(model: Qwen3VL) -> None:
    """What is put in by hand for boxes, also into a network that was trained before there were any: their word carries its
    entry, and the pair of heads before the last looks in layer 2 where the last pair looks, and copies what only boxes have."""
    entry, noted = ECHO[-1], FOUND[-1]
    model.language.embed_tokens.weight[:, [entry, noted]] = 0.0
    mean(model, entry, NAMES[-1][1])
    for block in model.language.layers:
        block.self_attn.o_proj.weight[[entry, noted]] = 0.0
        block.mlp.down_proj.weight[[entry, noted]] = 0.0
    for layer, written, strength in ((0, entry, 0.75), (1, entry, 0.75), (2, noted, 0.35)):
        attention = model.language.layers[layer].self_attn
        size, last = attention.shape.head, attention.shape.heads - 2
        place = size - 1
        attention.v_proj.weight[last // 2 * size + place, entry] += 1.0
        attention.o_proj.weight[written, last * size + place] += strength
    seek_solids(model.language.layers[2].self_attn)


def seek_solids(attention: TextAttention) -> None:
    """The pair of heads before the last learns from the last where to look; its values are metres, signs, rank and hiders, and
    how low the box reaches, of which the difference is written as `compare` does."""
    size, last = attention.shape.head, attention.shape.heads - 2
    own = slice((last // 2 - 1) * size, last // 2 * size)
    for n in (0, 1):
        asks = attention.q_proj.weight
        asks[(last - 2 + n) * size : (last - 1 + n) * size] = asks[(last + n) * size : (last + n + 1) * size]
    keys, values, out = attention.k_proj.weight, attention.v_proj.weight, attention.o_proj.weight
    keys[own] = keys[own.stop : own.stop + size]
    values[own] *= 0.02
    first = slice((last - 2) * size, (last - 1) * size)
    second = slice((last - 1) * size, last * size)
    out[:, first] *= 0.02
    out[:, second] *= 0.02
    copied = [n for n in range(SPACE.start, SPACE.stop) if n not in LEFT_OUT]
    for place, read in enumerate(copied):
        values[own.start + place, read] += 1.0
        out[read, first.start + place] += 0.4
    place = len(copied)
    values[own.start + place, BOTTOM] = 1.0
    out[LOWER, first.start + place] = 0.6
    out[LOWER, second.start + place] = -0.6
