"""A folder of pictures, each asked the same: `sightline ask` for one after the other, and `sightline batch` once.

With the demo model, whose answers end by themselves, so that what is timed is what a user would wait for.
"""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from backend.synthetic.scenes import draw_scene

from .asking import of
from .setting import Setting
from .sheet import Sheet
from .terminal import SIGHTLINE

QUESTION = "Locate every object"
LOOP = "ask in a loop: each picture"
WORKERS = (1, 2, 4, 8)


def batched(workers: int) -> str:
    """The series of a batch with so many workers."""
    return f"batch --workers {workers}: each picture"


def batch_folder(setting: Setting, sheet: Sheet) -> None:
    """Milliseconds for each picture, loading the model included; every turn with pictures that nobody has seen."""
    count = 12 if setting.quick else 40
    for turn in range(max(2, setting.repetitions // 2)):
        for place, workers in enumerate((0, *WORKERS)):
            folder = setting.home / f"folder-{turn}-{workers}"
            folder.mkdir()
            for number in range(count):
                draw_scene(10_000 * (turn + 1) + 100 * place + number, (320, 240)).render().save(folder / f"{number}.png")
            started = time.perf_counter()
            if workers:
                _run(setting, "batch", folder, "-q", QUESTION, "--workers", str(workers), "--out", f"{folder}.jsonl")
            else:
                for picture in sorted(folder.iterdir()):
                    _run(setting, "ask", QUESTION, picture, "--json", "--no-memory")
            spent = (time.perf_counter() - started) * 1000 / count
            sheet.add(of("sightline", batched(workers) if workers else LOOP), "ms", spent)
    sheet.fact("pictures", count)


def _run(setting: Setting, command: str, *arguments: str | Path) -> None:
    subprocess.run(
        [SIGHTLINE, command, *map(str, arguments), "--model", "demo"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=setting.limit_s,
    )
