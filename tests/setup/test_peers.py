"""llama-server and llama-mtmd-cli in an environment for development: made once, kept, and made again for another version.

pip and cmake are scripts here; that the recipe makes programs that work is what tests/engine/remote sees.
"""

from __future__ import annotations

import os
import shutil
import tarfile
from pathlib import Path

import pytest

from scripts.environment import peers
from scripts.environment.flavour import CPU, Flavour
from scripts.environment.install import Installation, steps, tool_environment
from scripts.environment.narration import Narration
from scripts.environment.place import Place, SetupProblem
from tests.setup.checkout import copied

_PIP = """#!/bin/sh
echo "$@"
while [ "$1" != --dest ]; do shift; done
mkdir -p "$2" && cp {package} "$2"
"""
_CMAKE = """#!/bin/sh
echo "cmake $@"
[ -e {broken} ] && {{ echo "server.cpp:1: fatal error: no such thing"; exit 1; }}
[ "$1" = --build ] || exit 0
mkdir -p "$2/bin" && for name in llama-server llama-mtmd-cli; do echo "made by cmake" > "$2/bin/$name"; done
"""


class Environment:
    """A checkout, a home with a cache, and tools that only pretend."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.place = copied(folder)
        self.place.claim()
        self.broken = folder / "broken"
        package = folder / "llama_cpp_python-1.tar.gz"
        source = folder / "llama_cpp_python-1" / "vendor" / "llama.cpp"
        source.mkdir(parents=True)
        (source / "CMakeLists.txt").write_text("")
        with tarfile.open(package, "w:gz") as archive:
            archive.add(source.parents[1], source.parents[1].name)
        self._tool("python", _PIP.format(package=package))
        self._tool("cmake", _CMAKE.format(broken=self.broken))
        libraries = self.place.venv / "lib/python3.11/site-packages/llama_cpp/lib"
        libraries.mkdir(parents=True)
        (libraries / "libllama.so").write_text("")
        self._home = home

    def _tool(self, name: str, script: str) -> None:
        path = self.place.venv / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(script)
        path.chmod(0o755)

    def make(self) -> str:
        """Run the step; what the tools said in the meantime."""
        before = self.place.log.stat().st_size
        environment = tool_environment(self.place) | {"HOME": os.fspath(self._home)}
        environment.pop("XDG_CACHE_HOME", None)
        narration = Narration(self.place.log, steps("dev"))
        try:
            Installation(self.place, "dev", Flavour(CPU, "asked for"), narration, 0, environment).make_peers()
        finally:
            narration.close()
        return self.place.log.read_text()[before:]

    @property
    def programs(self) -> dict[str, str]:
        return {path.name: path.read_text().strip() for path in (self.place.peers / "bin").iterdir()}


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return Environment(tmp_path / "first", tmp_path / "home")


MADE = dict.fromkeys(peers.PROGRAMS, "made by cmake")


def test_both_programs_are_made_from_the_locked_source_package(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    said = environment.make()
    assert environment.programs == MADE
    assert "-m pip download --require-hashes" in said
    assert f"-DLLAMA_LIBRARIES={environment.place.venv}/lib/python3.11/site-packages/llama_cpp/lib" in said
    assert (environment.place.peers / "lib" / "libllama.so").is_file(), "the libraries lie beside the programs"
    assert "1/5 llama-server and llama-mtmd-cli, to test and measure against; compiled here" in capsys.readouterr().err


def test_a_second_time_there_is_nothing_to_do(environment: Environment) -> None:
    environment.make()
    said = environment.make()
    assert "cmake" not in said.replace("llama-mtmd-cli", "")
    assert "pip" not in said


def test_another_environment_of_this_machine_gets_what_was_kept(environment: Environment, tmp_path: Path) -> None:
    environment.make()
    second = Environment(tmp_path / "second", tmp_path / "home")
    assert "cmake --build" not in second.make()
    assert second.programs == MADE
    assert (second.place.peers / "lib").resolve().is_relative_to(second.place.venv)


def test_another_version_of_llama_cpp_is_made_anew(environment: Environment) -> None:
    environment.make()
    requirements = environment.place.requirements("llama")
    requirements.write_text(requirements.read_text().replace("==0.", "==1."))
    assert "cmake --build" in environment.make()


def test_without_a_home_they_are_made_and_not_kept(environment: Environment, tmp_path: Path) -> None:
    environment._home = Path()
    environment.make()
    assert environment.programs == MADE
    assert not (tmp_path / "home").exists()


def test_what_does_not_compile_is_shown_and_leaves_nothing(environment: Environment) -> None:
    environment.broken.touch()
    with pytest.raises(SetupProblem, match="fatal error: no such thing"):
        environment.make()
    assert not peers.installed(environment.place, peers.key(environment.place))
    environment.broken.unlink()
    environment.make()
    assert environment.programs == MADE


def test_a_program_that_is_gone_is_put_back(environment: Environment) -> None:
    environment.make()
    shutil.rmtree(environment.place.peers / "bin")
    environment.make()
    assert environment.programs == MADE


def test_a_source_package_without_llama_cpp_is_said(tmp_path: Path) -> None:
    package = tmp_path / "archives" / "empty.tar.gz"
    package.parent.mkdir()
    with tarfile.open(package, "w:gz"):
        pass
    with pytest.raises(SetupProblem, match=r"no vendor/llama\.cpp"):
        peers.unpack(package.parent, tmp_path / "target")


def test_users_do_not_need_them(tmp_path: Path) -> None:
    assert steps("run") == 4
    assert not Place(tmp_path, tmp_path / ".venv").peers.exists()
