"""The wheel carries the demo model, its sample scenes, the catalogue and the style sheets, and nothing that is only for us."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.setup.checkout import SOURCE


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, SOURCE],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("sightline-*.whl")
    return zipfile.ZipFile(path)


def test_what_the_program_reads_at_run_time_is_in_it(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    assert "backend/catalog/models.toml" in names
    for folder, pattern in (
        ("backend", "*.toml"),
        ("backend/demo", "*.gguf"),
        ("backend/demo", "samples/*"),
        ("tui", "*.tcss"),
    ):
        wanted = {path.relative_to(SOURCE).as_posix() for path in (SOURCE / folder).rglob(pattern) if path.is_file()}
        assert wanted, f"{folder}/{pattern} matches nothing in the checkout"
        assert wanted - names == set()


def test_the_demo_model_keeps_its_size(wheel: zipfile.ZipFile) -> None:
    pair = [info for info in wheel.infolist() if info.filename.endswith(".gguf")]
    assert len(pair) == 2
    assert sum(info.file_size for info in pair) <= 12_000_000


def test_nothing_else_is_in_it(wheel: zipfile.ZipFile) -> None:
    tops = {Path(name).parts[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith((".dist-info", ".data"))} == {"backend", "tui"}
    shared = [name.partition(".data/")[2] for name in wheel.namelist() if ".data/" in name]
    assert shared == ["data/share/man/man1/sightline.1"]
    assert not [name for name in wheel.namelist() if "__pycache__" in name or name.endswith((".orig", ".swp", ".safetensors"))]


def test_the_command_and_the_licence_come_with_it(wheel: zipfile.ZipFile) -> None:
    info = next(Path(name).parts[0] for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    assert "sightline = tui.__main__:main" in wheel.read(f"{info}/entry_points.txt").decode()
    assert "Apache License" in wheel.read(f"{info}/licenses/LICENSE").decode()
