"""Seconds for each MB of large texts, of shapes that are known to be hard on parsers: the same for ten as for one.

Timings are for a person to look at; what is judged is growth alone, and generously, as a busy machine is no fault of a parser.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from backend.ask import claims
from backend.ask.parsing import FindingParser
from backend.ask.tags import tagged
from backend.scene import Picture, View

SIZES_MB = (1, 2, 5, 10)
TOKEN = 4
"""Letters in a piece, where a text comes as it streams."""
MOST_GROWTH, NOTICED_S = 3.0, 0.5
"""Times as long for each MB of the largest text as for the smallest, beyond which it grows; and seconds too short to tell."""

BOX = '{"bbox_2d": [10, 20, 30, 40], "label": "cup"}, '
SHAPES: dict[str, Callable[[int], str]] = {
    "small objects": lambda size: "[" + "".join(BOX.replace("10", str(n % 1000), 1) for n in range(size // len(BOX))) + "]",
    "small objects in one": lambda size: '{"objects": [' + BOX * (size // len(BOX)) + "{}]}",
    "single quotes": lambda size: BOX.replace('"', "'") * (size // len(BOX)),
    "braces without end": lambda size: "{" * size,
    "brackets without end": lambda size: '{"bbox_2d": ' + "[" * size,
    "objects in objects": lambda size: '{"bbox_2d": ' * (size // 12) + "}" * (size // 12),
    "brackets alone": lambda size: "[(" * (size // 2),
    "numbers alone": lambda size: "[" + "[120, 340, 560, 780], " * (size // 22) + "]",
    "blanks and a letter": lambda size: " " * size + "x",
    "blanks": lambda size: "\n \t " * (size // 4),
    "reasonings": lambda size: "<think>so</think>" * (size // 17),
    "reasonings that never end": lambda size: "<think>" * (size // 7),
    "half marks": lambda size: "</thin" * (size // 6),
    "fences": lambda size: "```json\n[" * (size // 9),
    "strings that never end": lambda size: '{"label": "' + "a\\" * (size // 2),
    "quotes": lambda size: "{" + '"' * size,
    "one long label": lambda size: '{"bbox_2d": [1, 2, 3, 4], "label": "' + "x" * size + '"}',
    "digits": lambda size: '{"bbox_2d": [' + "7" * size + "]}",
    "a list of numbers": lambda size: '{"bbox_2d": [' + "7, " * (size // 3) + "7]}",
    "names of boxes": lambda size: "<ref>cup</ref>" * (size // 14),
    "boxes that never close": lambda size: "<box>(1,2)" * (size // 10),
    "one box that never closes": lambda size: "<box>" + "(1,2)," * (size // 6),
    "points": lambda size: '<points x1="1" y1="2" alt="a">a</points>' * (size // 40),
    "an element that never closes": lambda size: "<p " + 'data-bbox="1 2 3 4" ' * (size // 20),
    "elements of HTML": lambda size: '<p data-bbox="1 2 3 4">word</p>\n' * (size // 32),
    "angles": lambda size: "<" * (size // 2) + ">" * (size // 2),
    "tool calls": lambda size: "<parameter=action>a</parameter><parameter=coordinate>[1, 2]</parameter>" * (size // 71),
    "relations": lambda size: "The red cup is left of the blue plate. " * (size // 39),
    "half relations": lambda size: "the cup is " * (size // 11),
    "one long word": lambda size: "a" * size,
    "关系": lambda size: "红色的杯子在蓝色盘子的左边。" * (size // 14),
    "在": lambda size: "在" * size,
}


def measure() -> int:
    """Print the table, and return 1 where anything grows faster than its text."""
    grows = []
    print("seconds for each MB of          " + "".join(f"{size:>8} MB" for size in SIZES_MB) + f"{'1 MB in tokens':>16}")
    for what, run in (("", _find), ("tags: ", tagged), ("claims: ", claims.stated)):
        for name, shape in SHAPES.items():
            times = [_seconds(run, shape(size * 1_000_000)) / size for size in SIZES_MB]
            streamed = f"{_seconds(_stream, shape(1_000_000)):>16.2f}" if run is _find else ""
            grown = times[-1] > MOST_GROWTH * times[0] and times[-1] * SIZES_MB[-1] > NOTICED_S
            grows += [what + name] if grown else []
            row = "".join(f"{seconds:>11.3f}" for seconds in times)
            print(f"{what + name:<32}{row}{streamed}{'  grows' if grown else ''}", flush=True)
    print(f"{len(grows)} grow faster than their text" + (f": {', '.join(grows)}" if grows else ""))
    return bool(grows)


def _parser() -> FindingParser:
    picture = Picture("", 1000, 1000, b"", "")
    return FindingParser([View(picture, picture.whole(), 1000, 1000)])


def _find(text: str) -> object:
    parser = _parser()
    parser.feed(text)
    parser.finish()
    return parser.text, parser.warnings


def _stream(text: str) -> object:
    parser = _parser()
    for at in range(0, len(text), TOKEN):
        parser.feed(text[at : at + TOKEN], -0.1)
    parser.finish()
    return parser.text, parser.warnings


def _seconds(run: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    run(text)
    return time.process_time() - started
