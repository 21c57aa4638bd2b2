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

from backend.synthetic.scenes import COLOURS, SHAPES

from .architecture import Qwen3VL, TextAttention
from .cell_code import BOX, ECHO, FOUND, FREQUENCIES, LOUDNESS, PICTURE, WORD
from .tokenizer import encode

NEAR, FAR = (4, 7, 10), (12, 14, 16)
"""Rotary pairs: their sum falls off within a few tokens; within a few dozen."""
SLOW = 19
"""First of the thirteen slow pairs on which likeness is compared."""
AGAINST = (61, 62)
"""Slow places of the head for "is a picture" and "is a word"."""

NAMES = [(ECHO.start + n, (c.name, c.chinese)) for n, c in enumerate(COLOURS)]
NAMES += [(ECHO.start + len(COLOURS) + n, (s.name, s.plural, s.chinese)) for n, s in enumerate(SHAPES)]
FEATURES = list(range(ECHO.start, ECHO.stop))
BOXES = [BOX.start + n for n in range(BOX.stop - BOX.start) if n % len(FREQUENCIES) in (1, 2, 3, 4)]
CENTRE = [BOX.start + place * 2 * len(FREQUENCIES) for place in (4, 5)]
"""The slowest cosine of the centre's x and y."""
DIFFERENCE = (FOUND.stop, FOUND.stop + 1)
"""Where the difference of two centres is written."""

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
    value = [(entry, FOUND.start + n, 0.35) for n, entry in enumerate(FEATURES)] + [(entry, entry, 0.4) for entry in BOXES]
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
    table[:, ECHO.start :] = 0.0
    table[:, WORD] = 1.0
    for entry, names in NAMES:
        for name in names:
            for text in (name, " " + name) if name.isascii() else (name,):
                (token,) = encode(text)
                table[token, entry] = LOUDNESS
    layers = [block.self_attn for block in model.language.layers]
    for block in model.language.layers:
        block.self_attn.o_proj.weight[ECHO.start :] = 0.0
        block.mlp.down_proj.weight[ECHO.start :] = 0.0
    gather(layers[0], NEAR, shy=0.0)
    gather(layers[1], FAR, shy=0.5)
    seek(layers[2])
    model.tower.merger.linear_fc2.bias[PICTURE] = LOUDNESS
