"""Where an environment lies, and what it was made from.

An environment is *ready* when the text of everything it was made from is written in it, which happens last: whatever was
interrupted has no such text. A changed lock file updates it in place; a missing text, a moved checkout or another
Python makes it from nothing, because half an installation cannot be told from a whole one.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

KINDS = ("run", "dev")
"""`dev` is `run` and the tools that the tests need."""
_KEPT_WHEN_CLEARED = {"setup.lock", "setup.log"}


class SetupProblem(Exception):
    """Set-up cannot go on; the text says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """A checkout and the environment that belongs to it."""

    root: Path
    """The checkout, without symbolic links."""
    venv: Path

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def log(self) -> Path:
        return self.venv / "setup.log"

    @property
    def peers(self) -> Path:
        """llama.cpp's own programs, in an environment for development."""
        return self.venv / "peers"

    @property
    def lock(self) -> Path:
        return self.venv / "setup.lock"

    @property
    def recipe(self) -> Path:
        """What CMake is told about building llama.cpp."""
        return self.root / "scripts" / "environment" / "llama.cmake"

    @property
    def flavour(self) -> str:
        """What the installed llama.cpp was built for; empty where none is."""
        known = self.venv / "flavour"
        return known.read_text().strip() if known.is_file() else ""

    def built(self, name: str) -> bool:
        """Whether llama.cpp is installed in this flavour, and as the recipe says today."""
        kept = self.venv / self.recipe.name
        return self.flavour == name and kept.is_file() and kept.read_bytes() == self.recipe.read_bytes()

    def mark_flavour(self, name: str, reason: str = "") -> None:
        """Name and recipe are what the next run compares; `sightline doctor` finds name and reason in the environment."""
        (self.venv / "flavour-reason").write_text(reason + "\n")
        (self.venv / self.recipe.name).write_bytes(self.recipe.read_bytes())
        (self.venv / "flavour").write_text(name + "\n")

    def requirements(self, name: str) -> Path:
        return self.root / "requirements" / f"{name}.txt"

    def _stamp(self, kind: str) -> Path:
        return self.venv / f"ready-{kind}"

    def _header(self) -> bytes:
        return os.fsencode(f"checkout {self.root}\npython {os.path.realpath(self.python)}\n")

    def description(self, kind: str) -> bytes:
        """All that an environment depends on, as text; the shell's `description` prints the same bytes."""
        files = (self.root / "pyproject.toml", self.recipe, *(self.requirements(name) for name in ("build", "llama", kind)))
        return self._header() + b"".join(file.read_bytes() for file in files)

    def ready(self, kind: str) -> bool:
        stamp = self._stamp(kind)
        return (self.venv / "bin" / "sightline").exists() and stamp.is_file() and stamp.read_bytes() == self.description(kind)

    def mark_ready(self, kind: str, description: bytes) -> None:
        """`description` was taken before installing: what changed meanwhile is seen by the next run."""
        half = self._stamp(kind).with_suffix(".half")
        half.write_bytes(description)
        half.rename(self._stamp(kind))

    def mark_unready(self) -> None:
        for kind in KINDS:
            self._stamp(kind).unlink(missing_ok=True)

    def can_be_updated(self) -> bool:
        """Whether it was complete once, here and with this Python, so that installing over it is safe."""
        stamps = [stamp for kind in KINDS if (stamp := self._stamp(kind)).is_file()]
        return any(stamp.read_bytes().startswith(self._header()) for stamp in stamps) and self.python.exists()

    def claim(self) -> None:
        """Make the folder, or make sure that it is ours: a folder that set-up did not make is never emptied."""
        try:
            self.venv.mkdir(parents=True, exist_ok=True)
            if any(self.venv.iterdir()) and not self.log.exists():
                raise SetupProblem(
                    f"{self.venv} was not made by sightline's set-up, so it is left alone.\n"
                    "  Move it away, or name another folder: SIGHTLINE_VENV=/path/to/folder"
                )
            self.log.open("ab").close()
            if not os.access(self.venv, os.W_OK | os.X_OK):
                raise PermissionError(13, "Permission denied")
        except OSError as error:
            raise SetupProblem(
                f"{self.venv} cannot be written ({error.strerror}).\n"
                "  Name a folder that can, for the environment: SIGHTLINE_VENV=/path/to/folder"
            ) from error

    def clear(self) -> None:
        """Empty the folder but for the log and the lock, which is held."""
        for entry in self.venv.iterdir():
            if entry.name in _KEPT_WHEN_CLEARED:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
