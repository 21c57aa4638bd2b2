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
ZOOM = "zoom"
"""The kind of key whose effect is a picture, made in a thread."""
KEY, CLOSER = "a key on the screen", "zoom on the screen"
_ANSWER = 48
_LONG_ANSWER = 400
_KEYED_PICTURES = 3
"""In the folder in which keys are pressed, so that the cursor has somewhere to go."""
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


def keys(setting: Setting, sheet: Sheet) -> None:
    """Keys pressed in the real app, with the real engine on the measured pair: from the key to what the terminal is sent."""
    model = install(setting, _LONG_ANSWER)
    for repetition in range(1 if setting.quick else 2):
        folder = setting.home / f"keys-{repetition}"
        folder.mkdir()
        for number in range(_KEYED_PICTURES):
            seed = 8000 + 10 * repetition + number
            (folder / f"{number}.png").write_bytes(drawn(seed, setting.image_tokens).png)
        app = Partner("scripts.benchmarks.typist", setting.home / "typist.log", setting.limit_s)
        try:
            order = {"model": model, "picture": str(folder / "1.png"), "questions": 2, "patience_s": setting.limit_s}
            for phase, kind, late in app.ask(**order):
                sheet.add(of("sightline", f"{phase}: {CLOSER if kind == ZOOM else KEY}"), "ms", *late)
                sheet.add(of("sightline", f"{phase}: {kind}"), "ms", *late)
        finally:
            app.close()
