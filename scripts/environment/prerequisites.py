"""What the machine must bring: Python's venv with pip in it, and a C and C++ compiler that can build a program.

A compiler is tried rather than looked up: a compiler without its standard library is as good as none, and four minutes
into llama.cpp is a bad moment to learn that.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from .place import SetupProblem

_INSTALL_COMPILER = "Debian, Ubuntu: apt install g++    Fedora: dnf install gcc-c++    Arch: pacman -S gcc"
_PROGRAM = "#include <vector>\nint main() { return static_cast<int>(std::vector<int>{}.size()); }\n"


def need_venv() -> None:
    """Debian and Ubuntu ship venv without ensurepip until python3-venv is installed."""
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise SetupProblem(
            f"{sys.executable} cannot make environments: its module {missing[0]} is missing.\n"
            f"  Debian, Ubuntu: apt install python{version}-venv (or python3-venv)"
        )


def need_compilers(environment: Mapping[str, str]) -> None:
    """C and C++, as CMake would find them: CC and CXX, or the usual names."""
    for variable, names, suffix in (("CC", ("cc", "gcc", "clang"), ".c"), ("CXX", ("c++", "g++", "clang++"), ".cpp")):
        wanted = environment.get(variable, "").split() or _first_found(names, environment)
        if not wanted:
            raise SetupProblem(
                f"llama.cpp must be compiled, and there is no {'C++' if variable == 'CXX' else 'C'} compiler here.\n"
                f"  {_INSTALL_COMPILER}"
            )
        program = _PROGRAM if variable == "CXX" else "#include <stdlib.h>\nint main(void) { return EXIT_SUCCESS; }\n"
        complaint = _try_compiler(wanted, program, suffix, environment)
        if complaint:
            raise SetupProblem(
                f"llama.cpp must be compiled, and {wanted[0]} cannot build a three-line program:\n"
                f"    {complaint}\n  {_INSTALL_COMPILER}"
            )


def _first_found(names: tuple[str, ...], environment: Mapping[str, str]) -> list[str]:
    return next(([path] for name in names if (path := shutil.which(name, path=environment.get("PATH")))), [])


def _try_compiler(compiler: list[str], program: str, suffix: str, environment: Mapping[str, str]) -> str:
    """Empty if it works, else the first line of what it says."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "program" + suffix)
        source.write_text(program)
        try:
            done = subprocess.run(
                [*compiler, os.fspath(source), "-o", os.fspath(source.with_suffix(".out"))],
                env=dict(environment),
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
            )
        except OSError as error:
            return f"{error.strerror}: {compiler[0]}"
    return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["it says nothing"])[0]
