"""Runs the chosen benchmarks, each in a process of its own with a time limit, and gathers their sheets into one JSON file.

A benchmark that hangs or dies takes nothing along: its process tree is ended, and what it had written down by then counts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import psutil

from . import asking, bare, cancelling, folder, gpu, interface, machine, memory, pictures, sessions
from .setting import Setting
from .sheet import Sheet

Benchmark = Callable[[Setting, Sheet], None]
BENCHMARKS: dict[str, Benchmark] = {
    "later-question": asking.later_question,
    "switch": asking.switch,
    "batch": asking.batch,
    "batch-folder": folder.batch_folder,
    "encode-memory": memory.encode_memory,
    "overhead": bare.overhead,
    "cancel": cancelling.cancel,
    "lag": interface.lag,
    "keys": interface.keys,
    "start": interface.start,
    "second-session": sessions.second_session,
    "preview": pictures.preview,
    "folder": pictures.listing,
    "latency": gpu.latency,
    "device-memory": gpu.device_memory,
}
GPU_ONLY = ("latency", "device-memory")
"""Not run on a CPU unless named."""
_ROOT = Path(__file__).resolve().parents[2]


def run(chosen: Sequence[str], setting: Setting, out: Path, limit_s: float) -> None:
    """Run them in order; `out` is whole after each of them."""
    described = machine.described(setting)
    made = datetime.now(UTC).isoformat(timespec="seconds")
    sheets: dict[str, Sheet] = {}
    for name in chosen:
        print(f"{name} …", file=sys.stderr, flush=True)
        started = time.monotonic()
        sheets[name] = _apart(name, setting, limit_s)
        sheets[name].fact("seconds", round(time.monotonic() - started))
        for side, why in sheets[name].failures.items():
            print(f"  {side}: {why}", file=sys.stderr, flush=True)
        described["load after"] = " ".join(f"{value:.2f}" for value in os.getloadavg())
        result = {
            "made": made,
            "machine": described,
            "setting": json.loads(setting.to_json()),
            "benchmarks": {done: sheet.as_dict() for done, sheet in sheets.items()},
        }
        out.parent.mkdir(parents=True, exist_ok=True)
        part = out.with_suffix(".part")
        part.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
        part.replace(out)


def _apart(name: str, setting: Setting, limit_s: float) -> Sheet:
    """One benchmark in its own process and its own home."""
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as folder:
        home = Path(folder)
        written = home / "sheet.json"
        own = Setting(**asdict(setting) | {"home": home})
        process = subprocess.Popen(
            [sys.executable, "-m", "scripts.benchmarks.running", name, str(written)],
            cwd=_ROOT,
            env=_environment(home, setting),
            stdin=subprocess.PIPE,
            text=True,
        )
        try:
            process.communicate(own.to_json(), timeout=limit_s)
            ended = f"its process ended with exit code {process.returncode}" if process.returncode else ""
        except subprocess.TimeoutExpired:
            ended = f"took longer than {limit_s:.0f} s"
        finally:
            _end(process)
        sheet = Sheet.read(written)
        if ended:
            sheet.failed(name, ended)
        return sheet


def _environment(home: Path, setting: Setting) -> dict[str, str]:
    """The user's, but for the folders that programs keep things in: no earlier cache, no settings, no running engine."""
    own = {
        "HOME": home,
        **{f"XDG_{kind}_HOME": home / kind.lower() for kind in ("CACHE", "CONFIG", "DATA", "STATE")},
        "XDG_RUNTIME_DIR": home / "run",
    }
    (home / "run").mkdir(mode=0o700)
    inherited = os.environ.get("PYTHONPATH", "")
    return {
        **os.environ,
        **{name: str(path) for name, path in own.items()},
        "PYTHONPATH": os.pathsep.join(filter(None, (str(_ROOT), inherited))),
        "SIGHTLINE_THREADS": str(setting.threads),
        "SIGHTLINE_FORCE": "1",
        "HF_HUB_OFFLINE": "1",
    }


def _end(process: subprocess.Popen[str]) -> None:
    """The process and whatever it started."""
    try:
        family = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        family = []
    process.kill()
    process.wait()
    for one in family:
        if one.is_running():
            one.kill()


def main() -> None:
    """One benchmark: its name and where to write, the setting on standard input."""
    name, written = sys.argv[1:]
    setting = Setting.from_json(sys.stdin.read())
    sheet = Sheet(Path(written))
    try:
        BENCHMARKS[name](setting, sheet)
    except Exception as error:  # noqa: BLE001 (whatever a peer does, the others' figures and the reason are kept)
        sheet.failed(name, f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
