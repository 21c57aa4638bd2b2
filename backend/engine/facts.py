"""What the installed llama.cpp is, found out without loading it into this process.

The version comes from the package's metadata; the rest from a short-lived process that loads the library and says what
it finds. A library that is missing, broken or for another processor ends that process, and its end is the finding.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from backend.engine.process import child_environment
from backend.errors import EngineFailure
from backend.language import _
from backend.sanitise import one_line

OLDEST = (0, 3, 36)
"""llama-cpp-python before this computes Qwen3-VL's positions wrongly, and boxes with them. As in pyproject.toml."""
_PATIENCE_S = 60
"""Loading a CUDA build takes seconds where the driver has slept."""
_BACKEND = re.compile(r"(\w+) : ")
_FEATURE = re.compile(r"(\w+) = 1\b")


@dataclass(frozen=True, slots=True)
class Gpu:
    """A GPU that this llama.cpp can compute on; memory in bytes."""

    name: str
    free: int
    total: int


@dataclass(frozen=True, slots=True)
class Build:
    """What the library says of itself."""

    ggml: str
    backends: tuple[str, ...]
    """What it was compiled for: CPU, CUDA …"""
    features: tuple[str, ...]
    """Instruction sets and options it was compiled with, as it names them: AVX2, FMA …"""
    gpu_offload: bool
    gpus: tuple[Gpu, ...]


def bindings() -> str:
    """The version of llama-cpp-python; empty where it is not installed."""
    try:
        return version("llama-cpp-python")
    except PackageNotFoundError:
        return ""


def too_old(bindings: str) -> bool:
    """Whether boxes from this version would lie in the wrong place."""
    return tuple(int(number) for number in re.findall(r"\d+", bindings)[:3]) < OLDEST


def build() -> Build:
    """Ask the library; EngineFailure with its last words where it cannot be loaded."""
    command = [sys.executable, "-P", "-m", "backend.engine.llama.facts"]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE_S,
            check=False,
            env={**child_environment(), "GGML_NO_BACKTRACE": "1"},
        )
    except subprocess.TimeoutExpired:
        raise _failure(_("it did not answer within {patience_s} s").format(patience_s=_PATIENCE_S)) from None
    except OSError as error:
        raise _failure(_("no process can be started for it: {reason}").format(reason=error.strerror)) from error
    if done.returncode != 0:
        how = (
            f"signal {signal.Signals(-done.returncode).name}"
            if done.returncode < 0
            else _("exit code {returncode}").format(returncode=done.returncode)
        )
        said = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
        raise _failure(f"{how}{f': {one_line(said[-1].strip(), 200)}' if said else ''}")
    try:
        return _read(json.loads(done.stdout))
    except (ValueError, KeyError, TypeError) as error:
        raise _failure(_("what it said of itself cannot be read")) from error


def built_for() -> tuple[str, str]:
    """What set-up compiled it for, and why, from its record in this environment; empty where set-up made no record."""
    record = [Path(sys.prefix, name) for name in ("flavour", "flavour-reason")]
    flavour, reason = (path.read_text("utf-8", "replace").strip() if path.is_file() else "" for path in record)
    return one_line(flavour, 20), one_line(reason, 200)


def _failure(why: str) -> EngineFailure:
    return EngineFailure(
        _("llama.cpp cannot be loaded ({why})").format(why=why), cure=_("compile it anew: scripts/setup --fresh")
    )


def _read(said: Mapping[str, Any]) -> Build:
    return Build(
        one_line(str(said["ggml"]), 80),
        tuple(_BACKEND.findall(said["features"])),
        tuple(_FEATURE.findall(said["features"])),
        bool(said["gpu_offload"]),
        tuple(Gpu(one_line(str(gpu["name"]), 60), int(gpu["free"]), int(gpu["total"])) for gpu in said["gpus"]),
    )
