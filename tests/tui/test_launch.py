"""From the command line to the first screen that is shown."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from backend.cli import AppRequest
from backend.errors import ModelError
from tui.launch import launch, opening_of, samples_folder
from tui.opening import Opening


def test_a_folder_a_picture_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = tmp_path / "a.png"
    picture.touch()
    monkeypatch.chdir(tmp_path)
    assert opening_of(AppRequest((tmp_path,), None, demo=False)) == Opening(tmp_path)
    assert opening_of(AppRequest((picture, tmp_path), None, demo=False)) == Opening(tmp_path, picture)
    assert opening_of(AppRequest((Path("a.png"),), None, demo=False)) == Opening(tmp_path, picture)
    assert opening_of(AppRequest((), None, demo=False)) == Opening(tmp_path, asked_for=False)
    assert opening_of(AppRequest((), "demo", demo=True)) == Opening(samples_folder())


def test_the_folder_above_is_a_place_one_can_leave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    assert opening_of(AppRequest((Path(".."),), None, demo=False)) == Opening(tmp_path.resolve())


def test_a_link_is_shown_as_it_was_named(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real")
    assert opening_of(AppRequest((link,), None, demo=False)) == Opening(link)


def test_a_model_that_is_not_there_is_refused_before_the_screen_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGHTLINE_MODELS", str(tmp_path))
    with pytest.raises(ModelError, match="qwen3-vl-2b-instruct"):
        launch(AppRequest((), "qwen3-vl-2b-instruct", demo=False))


def test_the_command_line_does_not_load_the_app() -> None:
    code = "import sys, tui.__main__; sys.exit(any(name in sys.modules for name in ('textual', 'rich', 'PIL', 'llama_cpp')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
