"""What this machine has free: RAM within the limits of its container, and the memory of an NVIDIA GPU that can be used.

A GPU only counts if the installed llama.cpp was built for it; that is read off the file names of its libraries, since
importing llama_cpp belongs to the engine's process alone.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psutil

from backend.sanitise import one_line

_CGROUP = Path("/sys/fs/cgroup")
_PATIENCE_S = 5


@dataclass(frozen=True, slots=True)
class Memory:
    """Free memory, bytes."""

    ram_free: int
    gpu_free: int = 0
    gpu: str = ""
    """The GPU's name; empty where there is none that this build of llama.cpp could use."""

    @classmethod
    def detect(cls) -> Memory:
        name, free = _gpu() if _built_for_cuda() else ("", 0)
        return cls(min(psutil.virtual_memory().available, _left_in_container(_CGROUP)), free, name)


def _built_for_cuda() -> bool:
    found = importlib.util.find_spec("llama_cpp")
    folders = found.submodule_search_locations if found else None
    return any(any(Path(folder, "lib").glob("*ggml-cuda*")) for folder in folders or ())


def gpus() -> list[tuple[str, int]]:
    """Name and free bytes of every GPU that NVIDIA's driver knows, whether or not this llama.cpp could use it."""
    program = shutil.which("nvidia-smi")
    if not program:
        return []
    query = [program, "--query-gpu=memory.free,name", "--format=csv,noheader,nounits"]
    try:
        said = subprocess.run(query, capture_output=True, text=True, errors="replace", timeout=_PATIENCE_S, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return []  # a driver that is broken or hangs is no GPU to us
    return [parsed for line in said.splitlines() if (parsed := _parsed(line))]


def _gpu() -> tuple[str, int]:
    """The GPU with the most free memory; ("", 0) where there is none."""
    return max(gpus(), key=lambda gpu: gpu[1], default=("", 0))


def _parsed(line: str) -> tuple[str, int] | None:
    """`79245, NVIDIA H100 80GB HBM3` → its name and bytes; None for a line that says anything else ([N/A], an error)."""
    free, _, name = line.partition(",")
    return (one_line(name.strip(), 60), int(free) << 20) if free.strip().isdecimal() else None


def _left_in_container(group: Path) -> int:
    """What a cgroup (v2) still allows; without a limit, more than any machine has."""
    try:
        most = (group / "memory.max").read_text().strip()
        used = int((group / "memory.current").read_text())
        kept = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
    except (OSError, ValueError):
        return 1 << 62  # not a cgroup-v2 system, or the root group, which has no limit
    if most == "max":
        return 1 << 62
    return max(0, int(most) - used + int(kept.get("inactive_file", 0)))
