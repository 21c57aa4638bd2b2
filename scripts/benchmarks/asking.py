"""Questions about pictures, side by side: the first one, a later one, one after going back, and eight at once.

The sides are asked in turn, each repetition with pictures that none of them has seen. Every model is in memory all the time and
idle while another computes.
"""

from __future__ import annotations

import re
import subprocess
import time
from itertools import takewhile

from backend.events import Failed, Generated, Token

from .server import Server
from .setting import QUESTIONS, Setting, Shown, drawn
from .sheet import Sheet
from .sides import Ours, Reply, Side, SideFailed, attempt, limited, request, running
from .stock import Stock

FIRST = "first question: time to first token"
LATER = "later question: time to first token"
NEW = "new picture: time to first token"
BACK = "back to an earlier picture: time to first token"
TOGETHER, ONE_BY_ONE = "eight questions at once", "eight questions one by one"
ANSWER = 4
"""Tokens of an answer that is asked for its first token only."""
BATCH_ANSWER = 24


def of(side: Side | str, what: str) -> str:
    """How a side's series is called."""
    return f"{side if isinstance(side, str) else side.name} | {what}"


def later_question(setting: Setting, sheet: Sheet) -> None:
    """First and second question about a picture, for all who can be asked twice; and llama-mtmd-cli, which cannot."""
    with running(sheet, Ours(setting), Stock(setting), Server(setting)) as alive:
        warm_up(sheet, alive)
        for repetition in range(setting.repetitions):
            picture = drawn(1000 + repetition, setting.image_tokens)
            for what, question in ((FIRST, QUESTIONS[0]), (LATER, QUESTIONS[1])):
                for side in list(alive):
                    reply = attempt(sheet, alive, side, [picture], question, ANSWER)
                    if reply is not None:
                        sheet.add(of(side, what), "ms", reply.first_token_ms)
    for repetition in range(min(2, setting.repetitions)):
        _cli(setting, sheet, repetition)


def warm_up(sheet: Sheet, alive: list[Side]) -> None:
    """One small question each: pages are read and threads are started before anything is timed."""
    tiny = drawn(1, 16)
    for side in list(alive):
        attempt(sheet, alive, side, [tiny], QUESTIONS[0], 2)


def _cli(setting: Setting, sheet: Sheet, repetition: int) -> None:
    """One question of one process: what somebody waits who starts the tool for each. Includes reading the model."""
    name = "llama-mtmd-cli"
    program = setting.peers / name
    if not program.is_file():
        sheet.failed(name, f"there is no {name} in {setting.peers.name}")
        return
    picture = setting.home / "picture.png"
    picture.write_bytes(drawn(1000 + repetition, setting.image_tokens).png)
    started = time.perf_counter()
    try:
        done = subprocess.run(
            [
                str(program),
                *("--model", str(setting.text), "--mmproj", str(setting.mmproj), "--image", str(picture)),
                *("--prompt", QUESTIONS[0], "--predict", str(ANSWER), "--temp", "0"),
                *("--ctx-size", str(setting.context), "--threads", str(setting.threads)),
                *("--n-gpu-layers", "999" if setting.gpu else "0"),
                *(() if setting.gpu else ("--no-mmproj-offload",)),
            ],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=setting.limit_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        sheet.failed(name, f"took longer than {setting.limit_s:.0f} s")
        return
    if done.returncode != 0:
        sheet.failed(name, f"exit code {done.returncode}: {done.stderr.strip()[-200:]}")
        return
    sheet.add(of(name, "first question: the whole process"), "ms", (time.perf_counter() - started) * 1000)
    encoded = re.search(r"encoding done in (\d+) ms", done.stdout + done.stderr)
    if encoded:
        sheet.add(of(name, "first question: encoding the picture"), "ms", float(encoded[1]))


def switch(setting: Setting, sheet: Sheet) -> None:
    """Picture A, picture B, and A again with another question."""
    with running(sheet, Ours(setting), Server(setting)) as alive:
        warm_up(sheet, alive)
        for repetition in range(setting.repetitions):
            first, second = (drawn(2000 + 2 * repetition + n, setting.image_tokens) for n in (0, 1))
            for side in list(alive):
                steps = ((NEW, first, QUESTIONS[0]), ("", second, QUESTIONS[0]), (BACK, first, QUESTIONS[1]))
                for what, picture, question in steps:
                    reply = attempt(sheet, alive, side, [picture], question, ANSWER)
                    if reply is None:
                        break
                    if what:
                        sheet.add(of(side, what), "ms", reply.first_token_ms)
                    if what == BACK and reply.encoded:
                        sheet.fact(f"{side.name} encoded picture A again", "yes")


def batch(setting: Setting, sheet: Sheet) -> None:
    """Eight questions about one picture, in one call and one call each; answers of equal length, as nothing ends them."""
    ours = Ours(setting)
    with running(sheet, ours) as alive:
        if not alive:
            return
        warm_up(sheet, alive)
        for repetition in range(max(2, setting.repetitions // 2)):
            picture = drawn(3000 + repetition, setting.image_tokens)
            ours.ask([picture], "Is there anything?", 2)
            started = time.perf_counter()
            apart = [ours.ask([picture], question, BATCH_ANSWER) for question in QUESTIONS]
            sheet.add(of(ours, ONE_BY_ONE), "ms", (time.perf_counter() - started) * 1000)
            together, texts = _at_once(ours, setting, picture)
            sheet.add(of(ours, TOGETHER), "ms", together)
            sheet.fact(f"equal answers, turn {repetition + 1}", _equal(apart, texts))


def _equal(apart: list[Reply], texts: list[str]) -> str:
    """How many are the same, and how far the others go together: random weights decide every token narrowly, so one rounding
    error in a quantised kernel leads elsewhere, and everything behind it differs."""
    pairs = [(reply.text, text) for reply, text in zip(apart, texts, strict=True)]
    shared = sum(_together(*pair) / max(1, *map(len, pair)) for pair in pairs) / len(pairs)
    return f"{sum(one == other for one, other in pairs)} of {len(pairs)}, {shared:.0%} of the text before the first difference"


def _together(one: str, other: str) -> int:
    """Leading characters that are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _at_once(ours: Ours, setting: Setting, picture: Shown) -> tuple[float, list[str]]:
    """How long all took, and their texts."""
    asked = [request([picture], question, BATCH_ANSWER) for question in QUESTIONS]
    texts = {one.id: "" for one in asked}
    ended = 0
    started = time.perf_counter()
    with limited(setting.limit_s * len(asked), ours.close):
        for event in ours.engine.run(*asked):
            match event:
                case Token():
                    texts[event.request] += event.text
                case Generated():
                    ended += 1
                case Failed(error=error):
                    raise SideFailed(error.message)
    if ended != len(asked):
        raise SideFailed(f"{ended} of {len(asked)} questions were answered")
    return (time.perf_counter() - started) * 1000, list(texts.values())
