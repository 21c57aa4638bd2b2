"""Changes to a text that keep it looking like an answer: the fuzzer's own know bytes only, and would mostly break braces."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

TOKENS = (
    '{"bbox_2d": [', '"bbox_2d"', '"point_2d"', '"points": [[', '"bbox_3d": [', '"boxes"', '"coordinate"', '"label": "',
    '"picture": ', "{", "}", "[", "]", '"', "'", ",", ":", "\\", "\\u0041", "\\ud83d", "\n", " ", "\t", "```json\n", "```",
    "{}", "[]", "null", "true", "NaN", "Infinity", "-", ".", "e9", "0", "1000", "<think>", "</think>", "<thi", "<ref>",
    "</ref>",
    "<box>", "</box>", "(1,2),(3,4)", "<|object_ref_start|>", "<|object_ref_end|>", "<|box_start|>", "<|box_end|>",
    "<|im_end|>", "<points ", "<point ", 'x1="5" y1="6" ', 'x="7" y="8"', 'alt="', "/>", ">", "<", "</points>", "</point>",
    '<p data-bbox="1 2 3 4">', "data-bbox=", "</p>", "<tool_call>", "</tool_call>", "<parameter=coordinate>",
    "<parameter=action>", "<parameter=bbox_2d>", "</parameter>", "<quad>", "the cup is left of the plate",
    "to the right of", " is above ", "in front of", "behind", "between", " on ", "on top of", "not ", "farthest",
    "杯子在盘子的左边", "在", "的", "上", "里", "旁边", "之间", "，", "。", "？", "Yes, ", "No. ", "是的，", "不是，",
    "\u202e", "\u200d", "\x1b[31m", "\x00", "\ufeff", "é", "İ", "ſ", "𝟙", "١", "👩‍🔧",
)  # fmt: skip
NUMBERS = (
    "-1", "0.5", "1001", "1e9", "1e308", "-1e308", "1e999", "9" * 30, "9" * 400, "9" * 5000, "00", "1.", "-0", "1_0", "٣",
)  # fmt: skip

Change = Callable[[str, random.Random], str]


def mutated(text: str, seed: int, others: Sequence[str]) -> str:
    """`text` after one to four changes; `others` are texts to take pieces from."""
    rng = random.Random(seed)
    for _ in range(rng.choice((1, 1, 2, 4))):
        text = _spliced(text, rng, others) if others and rng.random() < 0.15 else rng.choice(_CHANGES)(text, rng)
    return text


def _place(text: str, rng: random.Random) -> int:
    return rng.randint(0, len(text))


def _stretch(text: str, rng: random.Random) -> tuple[int, int]:
    start = _place(text, rng)
    return start, min(len(text), start + rng.choice((1, 2, 5, 20, 100)))


def _inserted(text: str, rng: random.Random) -> str:
    at = _place(text, rng)
    return text[:at] + rng.choice(TOKENS) + text[at:]


def _many(text: str, rng: random.Random) -> str:
    at = _place(text, rng)
    return text[:at] + rng.choice(TOKENS) * rng.choice((2, 3, 50, 400)) + text[at:]


def _left_out(text: str, rng: random.Random) -> str:
    start, end = _stretch(text, rng)
    return text[:start] + text[end:]


def _repeated(text: str, rng: random.Random) -> str:
    start, end = _stretch(text, rng)
    return text[:end] + text[start:end] * rng.choice((1, 2, 30)) + text[end:]


def _cut_off(text: str, rng: random.Random) -> str:
    return text[: _place(text, rng)]


def _renumbered(text: str, rng: random.Random) -> str:
    """One run of digits becomes another number."""
    places = [at for at, letter in enumerate(text) if letter.isdigit()]
    if not places:
        return text + rng.choice(NUMBERS)
    start = end = rng.choice(places)
    while end < len(text) and text[end].isdigit():
        end += 1
    return text[:start] + rng.choice((*NUMBERS, str(rng.randint(0, 1000)))) + text[end:]


def _requoted(text: str, rng: random.Random) -> str:
    a, b = rng.choice((('"', "'"), ("'", '"'), ("[", "("), ("]", ")"), ("{", "["), (" ", ""), ("\n", " ")))
    return text.replace(a, b)


def _wrapped(text: str, rng: random.Random) -> str:
    before, after = rng.choice(
        (("<think>", "</think>"), ('{"a": ', "}"), ("[", "]"), ("```json\n", "\n```"), ('{"x": "', '"}'), ("<ref>", "</ref>"))
    )
    times = rng.choice((1, 1, 1, 4, 300))
    return before * times + text + after * times


def _spliced(text: str, rng: random.Random, others: Sequence[str]) -> str:
    other = rng.choice(others)
    return text[: _place(text, rng)] + other[_place(other, rng) :]


_CHANGES: tuple[Change, ...] = (
    *(_inserted, _inserted, _inserted, _many, _left_out, _left_out, _repeated, _cut_off),
    *(_renumbered, _renumbered, _requoted, _wrapped),
)
