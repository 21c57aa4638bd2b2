"""The machine and the builds that figures were made on; without them a figure says nothing."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import psutil

from .setting import Setting

_SYSTEM = "import llama_cpp.llama_cpp as l; print(l.llama_print_system_info().decode())"


def _said(*command: str, both: bool = False) -> str:
    """What a program prints; empty where it is not there or fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return (done.stdout + (done.stderr if both else "")).strip()


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        found = None
    return found[1] if found else platform.machine()


def _gpu() -> str:
    program = shutil.which("nvidia-smi")
    return _said(program, "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader") if program else ""


def described(setting: Setting) -> dict[str, str]:
    """As ordered words."""
    flavour = Path(sys.prefix) / "flavour"
    built_for = flavour.read_text().strip() if flavour.exists() else "unknown"
    free = psutil.virtual_memory()
    peer = re.search(r"version: .*", _said(str(setting.peers / "llama-server"), "--version", both=True))
    root = Path(__file__).resolve().parents[2]
    return {
        "processor": _processor(),
        "cores": f"{psutil.cpu_count(logical=False)} physical, {psutil.cpu_count()} logical, "
        f"{len(os.sched_getaffinity(0))} allowed",
        "memory": f"{free.total / 2**30:.1f} GiB, {free.available / 2**30:.1f} GiB free",
        "load before": " ".join(f"{value:.2f}" for value in os.getloadavg()),
        "gpu": _gpu() or "none",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "sightline": _said("git", "-C", str(root), "describe", "--always", "--dirty") or version("sightline"),
        "llama-cpp-python": f"{version('llama-cpp-python')}, built for {built_for}",
        "build": _said(sys.executable, "-c", _SYSTEM),
        "llama-server": peer[0] if peer else "not there",
        "threads": str(setting.threads),
        "pair": f"{setting.text.name}, {setting.mmproj.name}",
    }
