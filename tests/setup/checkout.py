"""A checkout of its own for a test: the real scripts and lock files, copied, and an environment that only looks ready."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.environment.place import KINDS, Place

SOURCE = Path(__file__).resolve().parents[2]


def copied(folder: Path) -> Place:
    """The parts of the checkout that set-up reads, without an environment."""
    root = folder.resolve() / "a checkout"
    root.mkdir(parents=True)
    shutil.copy(SOURCE / "pyproject.toml", root)
    shutil.copytree(SOURCE / "requirements", root / "requirements")
    shutil.copytree(
        SOURCE / "scripts", root / "scripts", ignore=shutil.ignore_patterns("__pycache__", "demo_*", "train_*", "bench*")
    )
    return Place(root, root / ".venv")


def pretend_ready(place: Place) -> None:
    """Everything that the fast path looks at; `sightline` and `python` say what they were called with."""
    place.claim()
    bin_folder = place.venv / "bin"
    bin_folder.mkdir(exist_ok=True)
    if not place.python.exists():
        place.python.symlink_to(sys.executable)
    program = bin_folder / "sightline"
    program.write_text('#!/bin/sh\nprintf "sightline:%s\\n" "$@"\n')
    program.chmod(0o755)
    place.mark_flavour("cpu")
    for kind in KINDS:
        place.mark_ready(kind, place.description(kind))


def tools(folder: Path, **programs: str) -> str:
    """A PATH of nothing but the core utilities that the scripts use, and `programs` (name → shell script)."""
    folder.mkdir(exist_ok=True)
    for name in ("sh", "dirname", "readlink", "cat", "cmp", "sed"):
        found = shutil.which(name)
        assert found is not None
        if not (folder / name).exists():
            (folder / name).symlink_to(os.path.realpath(found) if name != "sh" else found)
    for name, script in programs.items():
        (folder / name).write_text("#!/bin/sh\n" + script)
        (folder / name).chmod(0o755)
    return os.fspath(folder)


def call(place: Place, script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`scripts/SCRIPT ARGUMENTS` (or an absolute path) with nothing in the environment but what is given."""
    return subprocess.run(
        [place.root / "scripts" / script, *arguments],
        env={"HOME": os.fspath(place.root.parent), **environment},
        cwd=place.root.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
