"""The steps that make an environment, each safe to repeat: four, and for development a fifth.

Every package comes with its hash from requirements/; only llama-cpp-python is compiled here, with build tools that are
locked as well, so nothing is resolved or fetched unseen.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from . import peers
from .excerpt import Excerpt
from .flavour import CUDA, Flavour, wheel_cache
from .narration import Narration
from .place import Place, SetupProblem
from .prerequisites import need_compilers

_MISLEADING = ("PYTHONPATH", "PYTHONHOME", "PYTHONSAFEPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "VIRTUAL_ENV")
"""Settings that would make pip install, or believe installed, something outside the environment."""


def tool_environment(place: Place) -> dict[str, str]:
    """The user's environment (index, proxy and compiler settings among it) without what would mislead the tools."""
    ours = {name: value for name, value in os.environ.items() if name not in _MISLEADING}
    ours["PATH"] = os.pathsep.join([os.fspath(place.venv / "bin"), ours.get("PATH", os.defpath)])
    ours["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    ours["PIP_NO_INPUT"] = "1"
    ours.setdefault("CMAKE_BUILD_PARALLEL_LEVEL", str(cores()))
    return ours


def steps(kind: str) -> int:
    """How many steps make an environment of this kind."""
    return 5 if kind == "dev" else 4


def cores() -> int:
    """Cores this process may use, which in a container are fewer than the machine has."""
    return len(os.sched_getaffinity(0))


@dataclass(frozen=True, slots=True)
class Installation:
    """One set-up: where to, for what, and who is told."""

    place: Place
    kind: str
    flavour: Flavour
    narration: Narration
    lock: int
    """The held lock's file descriptor. Tools inherit it: while one of them still runs, nobody else starts."""
    environment: dict[str, str] = field(repr=False)

    def make_tools(self) -> None:
        self.narration.step("Python environment and build tools")
        if not self.place.python.exists():
            self._run([sys.executable, "-m", "venv", os.fspath(self.place.venv)])
        self._pip("--only-binary", ":all:", "-r", self._requirements("build"))

    def make_llama(self) -> None:
        """Compile llama.cpp, unless this version and flavour is installed, or pip has kept what it compiled before."""
        same = self.place.built(self.flavour.name)
        long = "" if same else "; compiled here, the long step"
        self.narration.step(f"llama.cpp for {self.flavour.title} ({self.flavour.reason}){long}")
        cache = self._cache
        self._pip(
            *("--verbose", "--no-deps", "--no-build-isolation", "--no-binary", "llama-cpp-python"),
            *(() if same else ("--force-reinstall",)),
            *(("--cache-dir", os.fspath(cache)) if cache else ("--no-cache-dir",)),
            *("-r", self._requirements("llama")),
            more={"CMAKE_ARGS": self.flavour.cmake_arguments(self.place.recipe, self.environment)} | self._nvcc(),
            advice=self._after_a_failed_build,
        )
        self.place.mark_flavour(self.flavour.name, self.flavour.reason)

    def make_packages(self) -> None:
        self.narration.step("packages" + (" and the tools for development" if self.kind == "dev" else ""))
        self._pip("--only-binary", ":all:", "-r", self._requirements(self.kind))

    def make_sightline(self) -> None:
        self.narration.step("sightline itself")
        self._pip("--no-deps", "--no-build-isolation", "--editable", os.fspath(self.place.root), hashes=False)

    def make_peers(self) -> None:
        """llama-server and llama-mtmd-cli, unless they are here or were kept when they were made before."""
        wanted = peers.key(self.place)
        cache = self._cache
        kept = cache / f"peers-{wanted}" if cache else None
        ready = peers.installed(self.place, wanted)
        known = ready or (kept is not None and kept.is_dir())
        long = "" if known else "; compiled here, a long step"
        self.narration.step(f"llama-server and llama-mtmd-cli, to test and measure against{long}")
        if ready:
            return
        libraries = self._llama_libraries()
        if kept is not None and kept.is_dir():
            peers.install(self.place, kept, libraries, wanted)
            return
        with tempfile.TemporaryDirectory(prefix="sightline-peers-") as folder:
            made = self._compile_peers(Path(folder), libraries, cache)
            if kept is not None:
                peers.put(made, kept)
            peers.install(self.place, made, libraries, wanted)

    def _compile_peers(self, folder: Path, libraries: Path, cache: Path | None) -> Path:
        """The folder with both programs; pip has kept the source package from compiling the library, or fetches it again."""
        need_compilers(self.environment)
        self._pip(
            *("--dest", os.fspath(folder / "package"), "--no-deps", "--no-build-isolation", "--no-binary", "llama-cpp-python"),
            *(("--cache-dir", os.fspath(cache)) if cache else ("--no-cache-dir",)),
            *("-r", self._requirements("llama")),
            action="download",
        )
        source = peers.unpack(folder / "package", folder / "source")
        for command in peers.commands(source, libraries, folder / "build"):
            self._run(command, advice=lambda: "the log names the file that did not compile")
        return folder / "build" / "bin"

    @property
    def _cache(self) -> Path | None:
        return wheel_cache(self.flavour, self.place.recipe, self.environment)

    def _llama_libraries(self) -> Path:
        found = next(self.place.venv.glob("lib/python*/site-packages/llama_cpp/lib/libllama.so"), None)
        if found is None:
            raise SetupProblem("llama-cpp-python has left no libllama.so in the environment.\n  scripts/setup --dev --fresh")
        return found.parent

    def _requirements(self, name: str) -> str:
        return os.fspath(self.place.requirements(name))

    def _nvcc(self) -> dict[str, str]:
        if self.flavour.name != CUDA or self.flavour.nvcc is None or "CUDACXX" in self.environment:
            return {}
        return {"CUDACXX": os.fspath(self.flavour.nvcc)}

    def _after_a_failed_build(self) -> str:
        if self.flavour.name == CUDA:
            return "SIGHTLINE_BUILD=cpu before the command builds for the CPU instead"
        return "the log names the file that did not compile"

    def _pip(
        self,
        *arguments: str,
        action: str = "install",
        hashes: bool = True,
        more: dict[str, str] | None = None,
        advice: Callable[[], str] = lambda: "run it again; it goes on from here",
    ) -> None:
        required = ("--require-hashes",) if hashes else ()
        self._run([os.fspath(self.place.python), "-I", "-m", "pip", action, *required, *arguments], more or {}, advice)

    def _run(self, command: list[str], more: dict[str, str] | None = None, advice: Callable[[], str] = lambda: "") -> None:
        """Run a tool with its output in the log; SetupProblem with what matters of it when it fails."""
        self.narration.record(f"$ {' '.join(command)}\n")
        process = subprocess.Popen(
            command,
            env=self.environment | (more or {}),
            cwd=self.place.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            pass_fds=(self.lock,),
        )
        excerpt = Excerpt()
        try:
            assert process.stdout is not None
            for line in process.stdout:
                self.narration.record(line)
                excerpt.add(line)
        except BaseException:
            process.terminate()
            raise
        finally:
            process.wait()
        if process.returncode != 0:
            raise SetupProblem(f"this step failed:\n{excerpt}\n  The whole log: {self.place.log}\n  {advice()}")
