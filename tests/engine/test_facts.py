"""What the installed llama.cpp says of itself, and what is said where it cannot be loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.engine import facts
from backend.errors import EngineFailure


def test_this_build() -> None:
    build = facts.build()
    assert build.ggml
    assert build.backends
    assert build.features
    assert bool(build.gpus) <= build.gpu_offload
    assert all(0 < gpu.free <= gpu.total for gpu in build.gpus)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("raise OSError('libllama.so: cannot open \\x1b[31m')", "exit code 1: OSError: libllama.so: cannot open \\e[31m"),
        ("import os; os.abort()", "signal SIGABRT"),
        ("import os; os._exit(0)", "cannot be read"),
    ],
)
def test_a_library_that_cannot_be_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, said: str) -> None:
    package = tmp_path / "llama_cpp"
    package.mkdir()
    (package / "__init__.py").write_text(source)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(EngineFailure, match=r"llama\.cpp cannot be loaded") as caught:
        facts.build()
    assert said in caught.value.message
    assert "scripts/setup" in caught.value.cure


@pytest.mark.parametrize(
    ("version", "old"),
    [("0.3.35", True), ("0.2.90", True), ("0.3", True), ("0.3.36", False), ("0.3.36.post1", False), ("0.4", False)],
)
def test_versions(version: str, old: bool) -> None:
    assert facts.too_old(version) == old


def test_the_oldest_version_is_the_one_that_is_required() -> None:
    project = Path(facts.__file__).parents[2] / "pyproject.toml"
    assert f'"llama-cpp-python>={".".join(map(str, facts.OLDEST))}"' in project.read_text()


def test_the_record_of_set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    assert facts.built_for() == ("", "")
    (tmp_path / "flavour").write_text("cpu\n")
    (tmp_path / "flavour-reason").write_text("no NVIDIA driver answers\n")
    assert facts.built_for() == ("cpu", "no NVIDIA driver answers")
