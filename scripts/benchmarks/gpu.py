"""What only a GPU has: memory against the estimate, all layers on it, and the tutorial's latencies.

On a processor the latencies and tokens per second can be measured too, if named; the rest means nothing there.
"""

from __future__ import annotations

import re
import shutil
import subprocess

from backend.catalog.check import check_pair
from backend.catalog.fit import needs_of_files
from backend.engine.process import log_file

from .asking import of, warm_up
from .server import Server
from .setting import QUESTIONS, Setting, drawn
from .sheet import Sheet
from .sides import Ours, Side, attempt, running
from .stock import Stock

RATE = "tokens per second"
ONE, THREE = "one picture: time to first token", "three pictures: time to first token"
VRAM, ESTIMATE = "GPU memory", "estimated memory"
OFFLOADED = "layers on the GPU"
_ANSWER = 64


def _used_mib() -> float | None:
    """Memory in use on the first GPU; None where there is none that answers."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return None
    query = [program, "--query-gpu=memory.used", "--format=csv,noheader,nounits"]
    said = subprocess.run(query, capture_output=True, text=True, timeout=30, check=False).stdout.split()
    return float(said[0]) if said else None


def latency(setting: Setting, sheet: Sheet) -> None:
    """One picture and three of the same size, each new, and how fast a long answer comes."""
    sides: tuple[Side, ...] = (Ours(setting), Stock(setting), Server(setting))
    with running(sheet, *sides) as alive:
        warm_up(sheet, alive)
        for repetition in range(setting.repetitions):
            shown = [drawn(9000 + 4 * repetition + number, setting.image_tokens) for number in range(4)]
            for what, pictures in ((ONE, shown[:1]), (THREE, shown[1:])):
                for side in list(alive):
                    reply = attempt(sheet, alive, side, pictures, QUESTIONS[0], _ANSWER if what == ONE else 2)
                    if reply is None:
                        continue
                    sheet.add(of(side, what), "ms", reply.first_token_ms)
                    if what == ONE and reply.tokens == _ANSWER:  # real weights may end sooner
                        seconds = (reply.total_ms - reply.first_token_ms) / 1000
                        sheet.add(of(side, RATE), "tokens/s", (reply.tokens - 1) / seconds)


def device_memory(setting: Setting, sheet: Sheet) -> None:
    """What the worker takes on the GPU while it answers, against the estimate that was made before loading."""
    before = _used_mib()
    if not setting.gpu or before is None:
        sheet.failed("sightline", "no GPU was asked for, or none answers")
        return
    log_start = log_file().stat().st_size if log_file().exists() else 0
    ours = Ours(setting)
    with running(sheet, ours) as alive:
        if alive and attempt(sheet, alive, ours, [drawn(9500, 1024)], QUESTIONS[0], 8) is not None:
            used = _used_mib()
            if used is not None:
                sheet.add(of(ours, VRAM), "MiB", used - before)
    language, vision = check_pair(setting.text, setting.mmproj).require()
    needs = needs_of_files(language, vision, setting.context, max(setting.image_tokens, 1024))
    sheet.add(of(ours, ESTIMATE), "MiB", needs.total / 2**20)
    with log_file().open("rb") as file:
        file.seek(log_start)
        found = re.search(rb"offloaded (\d+)/(\d+) layers", file.read())
    if found:
        sheet.fact(OFFLOADED, f"{int(found[1])} of {int(found[2])}")
        sheet.add(of(ours, OFFLOADED), "share", int(found[1]) / int(found[2]))
