"""CPU or CUDA, and why."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from scripts.environment.flavour import CPU, CUDA, Flavour, choose, find_nvcc, wheel_cache
from scripts.environment.place import SetupProblem

NVCC = Path("/opt/cuda/bin/nvcc")


@pytest.mark.parametrize(
    ("forced", "driver", "nvcc", "name", "because"),
    [
        ("", True, NVCC, CUDA, "driver answers and nvcc is here"),
        ("", True, None, CPU, "nvcc is missing"),
        ("", False, NVCC, CPU, "no NVIDIA driver"),
        ("", False, None, CPU, "no NVIDIA driver"),
        ("cpu", True, NVCC, CPU, "SIGHTLINE_BUILD=cpu"),
        ("cuda", False, NVCC, CUDA, "SIGHTLINE_BUILD=cuda"),
    ],
)
def test_cuda_needs_a_driver_and_nvcc_unless_it_is_forced(
    forced: str, driver: bool, nvcc: Path | None, name: str, because: str
) -> None:
    chosen = choose(forced, driver, nvcc)
    assert chosen.name == name
    assert because in chosen.reason


@pytest.mark.parametrize(("forced", "says"), [("vulkan", "cpu or cuda"), ("cuda", "nvcc")])
def test_what_cannot_be_built_is_refused_with_the_cure(forced: str, says: str) -> None:
    with pytest.raises(SetupProblem, match=says):
        choose(forced, driver=True, nvcc=None)


def test_nvcc_is_found_beside_the_path(tmp_path: Path) -> None:
    nvcc = tmp_path / "bin" / "nvcc"
    nvcc.parent.mkdir()
    nvcc.write_text("#!/bin/sh\n")
    nvcc.chmod(0o755)
    assert find_nvcc({"PATH": "/nowhere", "CUDA_HOME": str(tmp_path)}) == nvcc
    assert find_nvcc({"PATH": str(nvcc.parent)}) == nvcc


def test_a_built_library_is_kept_apart_by_flavour_recipe_and_the_users_own_flags(tmp_path: Path) -> None:
    home = {"HOME": "/home/somebody"}
    recipe, changed = tmp_path / "llama.cmake", tmp_path / "changed.cmake"
    recipe.write_text("set(A ON)\n")
    changed.write_text("set(A OFF)\n")
    caches = {
        wheel_cache(Flavour(CPU, ""), recipe, home),
        wheel_cache(Flavour(CPU, ""), changed, home),
        wheel_cache(Flavour(CUDA, "", NVCC), recipe, home),
        wheel_cache(Flavour(CPU, ""), recipe, home | {"CMAKE_ARGS": "-DGGML_NATIVE=OFF"}),
    }
    assert len(caches) == 4
    assert wheel_cache(Flavour(CPU, ""), recipe, {}) is None
    assert wheel_cache(Flavour(CPU, ""), recipe, {"XDG_CACHE_HOME": "relative"}) is None


def test_cmake_gets_a_recipe_whose_path_may_hold_spaces_and_the_users_flags_last() -> None:
    flavour = choose("", driver=True, nvcc=NVCC)
    arguments = flavour.cmake_arguments(Path("/a b/llama.cmake"), {"CMAKE_ARGS": "-DGGML_NATIVE=OFF"})
    assert shlex.split(arguments) == [
        "-DCMAKE_PROJECT_llama_cpp_INCLUDE=/a b/llama.cmake",
        "-DGGML_CUDA=ON",
        "-DGGML_NATIVE=OFF",
    ]


def test_a_cuda_build_without_a_gpu_is_for_every_major_architecture() -> None:
    assert "all-major" in choose("cuda", driver=False, nvcc=NVCC).cmake_arguments(Path("/r"), {})
    assert "all-major" not in choose("cuda", driver=True, nvcc=NVCC).cmake_arguments(Path("/r"), {})
