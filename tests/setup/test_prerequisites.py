"""Compilers are tried, and a missing or broken one is named with the package that brings it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from scripts.environment.place import SetupProblem
from scripts.environment.prerequisites import need_compilers, need_venv
from tests.setup.checkout import tools


def test_the_compilers_of_this_machine_pass() -> None:
    need_compilers(os.environ)


def test_no_compiler_names_the_package(tmp_path: Path) -> None:
    with pytest.raises(SetupProblem, match=r"no C compiler here[\s\S]*apt install g\+\+"):
        need_compilers({"PATH": tools(tmp_path / "bin")})


def test_a_compiler_that_cannot_compile_is_quoted(tmp_path: Path) -> None:
    path = tools(tmp_path / "bin", cc="exit 0\n", **{"c++": 'echo "vector: No such file or directory" >&2\nexit 1\n'})
    with pytest.raises(SetupProblem, match=r"vector: No such file[\s\S]*apt install g\+\+"):
        need_compilers({"PATH": path})


def test_a_compiler_named_by_the_user_is_the_one_that_is_tried(tmp_path: Path) -> None:
    with pytest.raises(SetupProblem, match="no-such-compiler"):
        need_compilers({"PATH": os.environ["PATH"], "CXX": str(tmp_path / "no-such-compiler")})


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_names_the_package(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Debian before python3-venv is installed."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(SetupProblem, match=rf"module {module} is missing[\s\S]*apt install python3\.\d+-venv"):
        need_venv()
