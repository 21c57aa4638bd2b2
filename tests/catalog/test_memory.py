"""What is free: read off a container's files and a driver's program as they really answer."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from backend.catalog.memory import Memory, _built_for_cuda, _gpu, _left_in_container


def test_this_machine() -> None:
    memory = Memory.detect()
    assert 0 < memory.ram_free <= psutil.virtual_memory().total
    assert bool(memory.gpu) == (memory.gpu_free > 0)


def test_a_gpu_without_a_build_for_it_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if _built_for_cuda():
        pytest.skip("this llama.cpp was built for CUDA")
    driver(tmp_path, "printf '81000, NVIDIA H100 80GB HBM3\\n'")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert Memory.detect().gpu == ""


def driver(folder: Path, script: str) -> None:
    """An nvidia-smi that says what `script` says."""
    program = folder / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("printf '81000, NVIDIA H100 80GB HBM3\\n'", ("NVIDIA H100 80GB HBM3", 81000 << 20)),
        ("printf '900, Small\\n20000, Large, with a comma\\n'", ("Large, with a comma", 20000 << 20)),
        ("printf '[N/A], NVIDIA GB10\\n'", ("", 0)),
        ("echo 'NVIDIA-SMI has failed because it could not communicate with the driver'; exit 9", ("", 0)),
        ("exit 0", ("", 0)),
        ("printf '100, evil\\033[31m\\n'", ("evil\\e[31m", 100 << 20)),
    ],
)
def test_what_the_driver_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, expected: tuple[str, int]) -> None:
    driver(tmp_path, script)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert _gpu() == expected


def test_no_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert _gpu() == ("", 0)


def group(folder: Path, most: str) -> Path:
    (folder / "memory.max").write_text(f"{most}\n")
    (folder / "memory.current").write_text("3000\n")
    (folder / "memory.stat").write_text("anon 1000\nfile 2000\ninactive_file 1500\n")
    return folder


def test_a_container_limits(tmp_path: Path) -> None:
    """What the kernel could drop (inactive file pages) counts as free."""
    assert _left_in_container(group(tmp_path, "10000")) == 10000 - 3000 + 1500
    assert _left_in_container(group(tmp_path, "1000")) == 0


def test_no_limit(tmp_path: Path) -> None:
    assert _left_in_container(tmp_path) > 1 << 60
    assert _left_in_container(group(tmp_path, "max")) > 1 << 60
