"""What a user waits for that is no model: the first frame, the help, an interface that keeps up while the model computes."""

from __future__ import annotations

import subprocess
import time

from backend.catalog.places import demo_folder

from .asking import of
from .catalogue import install
from .setting import Setting, drawn
from .sheet import Sheet
from .subprocesses import Partner
from .terminal import SIGHTLINE, opened

PAINT, HELP = "first paint", "sightline --help"
LAG = "lag of the event loop"
PHASES = ("loading", "encoding", "generating")
_ANSWER = 48
_FRAME = b"where something is"
"""Words of the empty question line: they stand on the screen as soon as the main screen does."""


def start(setting: Setting, sheet: Sheet) -> None:
    """From exec to the first frame, and to the end of `--help`; the first run of each reads files and does not count."""
    picture = demo_folder() / "samples" / "five-objects.png"
    for repetition in range(1 + 2 * setting.repetitions):
        with opened("--model", "demo", picture) as program:
            painted = program.until(_FRAME, setting.limit_s)
        started = time.perf_counter()
        subprocess.run([SIGHTLINE, "--help"], stdout=subprocess.DEVNULL, check=True, timeout=setting.limit_s)
        helped = (time.perf_counter() - started) * 1000
        if repetition:
            sheet.add(of("sightline", PAINT), "ms", painted)
            sheet.add(of("sightline", HELP), "ms", helped)


def lag(setting: Setting, sheet: Sheet) -> None:
    """Beats of the real app's event loop, with the real engine on the measured pair."""
    model = install(setting, _ANSWER)
    for repetition in range(2):
        picture = setting.home / f"lag-{repetition}.png"
        picture.write_bytes(drawn(7000 + repetition, setting.image_tokens).png)
        app = Partner("scripts.benchmarks.heartbeat", setting.home / "heartbeat.log", setting.limit_s)
        try:
            for phase, lags in app.ask(model=model, picture=str(picture), patience_s=setting.limit_s):
                sheet.add(of("sightline", f"{phase}: {LAG}"), "ms", *lags)
        finally:
            app.close()
