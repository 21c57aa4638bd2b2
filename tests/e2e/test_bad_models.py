"""No model, a broken one, two files the wrong way round: exit code 4, and which file it is about."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from backend.catalog.places import demo_folder
from tests.e2e.program import Ended, Home

LOCATE = "Locate the red circle, report bbox coordinates in JSON format."
TEXT, MMPROJ = "demo-Q8_0.gguf", "mmproj-demo-Q8_0.gguf"


def assert_unfit(done: Ended, says: str) -> None:
    assert (done.code, done.out) == (4, b"")
    assert done.err.startswith("sightline: ")
    assert says in done.err
    assert "  → " in done.err
    assert "Traceback" not in done.err


@pytest.fixture
def pair(home: Home) -> Path:
    """The demo model's files, copied to where a test may spoil them, and a table in the user's settings that names them."""
    folder = home.root / "my models"
    folder.mkdir()
    for name in (TEXT, MMPROJ):
        shutil.copy(demo_folder() / name, folder)
    write_table(home, folder / TEXT, folder / MMPROJ)
    return folder


def write_table(home: Home, text: Path, mmproj: Path) -> None:
    settings = home.root / ".config" / "sightline" / "models.toml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(f'[models.mine]\ntext = "{text}"\nmmproj = "{mmproj}"\n')


def test_a_model_that_was_never_pulled_names_the_command_that_does(home: Home, scene: Path) -> None:
    done = home.sightline("ask", LOCATE, scene.name, "--model", "qwen3-vl-4b-instruct")
    assert_unfit(done, "qwen3-vl-4b-instruct")
    assert "sightline models pull qwen3-vl-4b-instruct" in done.err


def test_an_unknown_model_is_refused(home: Home, scene: Path) -> None:
    assert_unfit(home.sightline("ask", LOCATE, scene.name, "--model", "no-such-model"), "no-such-model")


@pytest.mark.usefixtures("pair")
def test_a_pair_of_the_users_own_answers(home: Home, scene: Path) -> None:
    done = home.sightline("ask", LOCATE, scene.name, "--model", "mine")
    assert done.code == 0, done.err


@pytest.mark.parametrize("name", [TEXT, MMPROJ])
@pytest.mark.parametrize("kept", [0, 100, 0.5, 0.999])
def test_a_truncated_file_is_named(name: str, kept: float, home: Home, scene: Path, pair: Path) -> None:
    data = (pair / name).read_bytes()
    (pair / name).write_bytes(data[: kept if isinstance(kept, int) else int(len(data) * kept)])
    assert_unfit(home.sightline("ask", LOCATE, scene.name, "--model", "mine"), name)


def test_swapped_files_are_recognised(home: Home, scene: Path, pair: Path) -> None:
    write_table(home, pair / MMPROJ, pair / TEXT)
    assert_unfit(home.sightline("ask", LOCATE, scene.name, "--model", "mine"), "swapped")
    added = home.sightline("models", "add", "other", "--text", pair / MMPROJ, "--mmproj", pair / TEXT)
    assert_unfit(added, "swapped")


def test_a_picture_given_as_a_model_is_refused(home: Home, scene: Path, pair: Path) -> None:
    write_table(home, scene, pair / MMPROJ)
    assert_unfit(home.sightline("ask", LOCATE, scene.name, "--model", "mine"), "scene.png")


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('[models.mine]\ntext = "a.gguf"\nmmproj = 3\n', "mmproj"),
        ('[models.mine]\ntext = "a.gguf"\nmmproj = "b.gguf"\ncolour = "red"\n', "colour"),
        ("[models.mine\n", "models.toml"),
    ],
)
def test_settings_that_are_not_understood_name_file_table_and_key(table: str, says: str, home: Home, scene: Path) -> None:
    write_table(home, scene, scene)
    (home.root / ".config" / "sightline" / "models.toml").write_text(table)
    done = home.sightline("ask", LOCATE, scene.name)
    assert_unfit(done, says)
    assert "models.toml" in done.err
