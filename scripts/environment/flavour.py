"""What llama.cpp is built for: CUDA where a driver answers *and* nvcc can compile, otherwise the CPU.

Both are asked for, because each alone is common and useless: a driver without a toolkit cannot build, and a toolkit
without a driver (a container, a build host) would make a library that cannot be loaded.
"""

from __future__ import annotations

import hashlib
import platform
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .place import SetupProblem

CPU, CUDA = "cpu", "cuda"


@dataclass(frozen=True, slots=True)
class Flavour:
    """What to build llama.cpp for, and why, for the user to read."""

    name: str
    reason: str
    nvcc: Path | None = None
    gpu: bool = False
    """Whether a GPU is here to build for; without one, a CUDA build is for every major architecture."""

    @property
    def title(self) -> str:
        return {CPU: "the CPU", CUDA: "CUDA"}[self.name]

    def cmake_arguments(self, recipe: Path, environment: Mapping[str, str]) -> str:
        """For scikit-build-core; what the user has set comes last and wins. llama.cpp itself asks for this machine's GPU."""
        ours = [f'"-DCMAKE_PROJECT_llama_cpp_INCLUDE={recipe}"']
        if self.name == CUDA:
            ours.append("-DGGML_CUDA=ON")
            if not self.gpu:
                ours.append("-DCMAKE_CUDA_ARCHITECTURES=all-major")
        return " ".join([*ours, environment.get("CMAKE_ARGS", "")]).strip()


def choose(forced: str, driver: bool, nvcc: Path | None) -> Flavour:
    """`forced` is SIGHTLINE_BUILD: cpu, cuda or empty."""
    if forced not in ("", CPU, CUDA):
        raise SetupProblem(f"SIGHTLINE_BUILD={forced} is not known.\n  Set it to cpu or cuda, or not at all.")
    if forced == CUDA and nvcc is None:
        raise SetupProblem(
            "SIGHTLINE_BUILD=cuda asks for CUDA, but nvcc is not on PATH, in CUDA_HOME or in /usr/local/cuda.\n"
            "  Install the CUDA toolkit (Debian, Ubuntu: apt install nvidia-cuda-toolkit), or unset SIGHTLINE_BUILD."
        )
    if forced:
        return Flavour(forced, f"SIGHTLINE_BUILD={forced} asks for it", nvcc, driver)
    if driver and nvcc is not None:
        return Flavour(CUDA, "an NVIDIA driver answers and nvcc is here", nvcc, gpu=True)
    if driver:
        return Flavour(CPU, "an NVIDIA driver answers, but nvcc is missing: install the CUDA toolkit, then run scripts/setup")
    if nvcc is not None:
        return Flavour(CPU, "nvcc is here, but no NVIDIA driver answers")
    return Flavour(CPU, "no NVIDIA driver answers")


def driver_answers() -> bool:
    """Whether nvidia-smi lists a GPU, or the kernel module does."""
    try:
        listed = subprocess.run(["nvidia-smi", "-L"], capture_output=True, timeout=30, check=False)
        if listed.returncode == 0 and b"GPU 0" in listed.stdout:
            return True
    except (OSError, subprocess.TimeoutExpired):
        pass  # absent, or hanging on a broken driver: the kernel module has the last word
    gpus = Path("/proc/driver/nvidia/gpus")
    return gpus.is_dir() and any(gpus.iterdir())


def find_nvcc(environment: Mapping[str, str]) -> Path | None:
    """nvcc from PATH, CUDACXX, CUDA_HOME, or where NVIDIA's own installer puts it."""
    folders = [environment[name] + "/bin" for name in ("CUDA_HOME", "CUDA_PATH") if environment.get(name)]
    candidates = [environment.get("CUDACXX", ""), "nvcc", *(f"{folder}/nvcc" for folder in [*folders, "/usr/local/cuda/bin"])]
    found = next((path for name in candidates if name and (path := shutil.which(name, path=environment.get("PATH")))), None)
    return Path(found) if found else None


def wheel_cache(flavour: Flavour, recipe: Path, environment: Mapping[str, str]) -> Path | None:
    """Where pip may keep the built library: a folder for this flavour, recipe and very processor; None where there is no home.

    The build uses every instruction the processor has and pip's own cache knows nothing of that, so a home shared between
    machines would hand one machine's library to another.
    """
    base = environment.get("XDG_CACHE_HOME") or (environment.get("HOME") and environment["HOME"] + "/.cache")
    if not base or not Path(base).is_absolute():
        return None
    machine = (platform.machine(), platform.libc_ver(), _processor())
    parts = (flavour.name, flavour.nvcc, *machine, environment.get("CMAKE_ARGS"), recipe.read_bytes())
    return Path(base) / "sightline" / "setup" / hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _processor() -> list[str]:
    """The instruction sets that /proc/cpuinfo names (x86 says flags, Arm says Features), once each."""
    try:
        rows = Path("/proc/cpuinfo").read_text(errors="replace").splitlines()
    except OSError:
        return []
    return sorted({row for row in rows if row.startswith(("flags", "Features", "model name", "CPU part"))})
