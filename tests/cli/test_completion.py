"""What Tab offers: commands, files, models and tasks, asked for as the shell's own script asks."""

from __future__ import annotations

import pytest

from backend.cli.naming import MODEL
from tests.e2e.program import Home


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("home"))
    made.folder.mkdir()
    return made


def offered(home: Home, words: str) -> list[str]:
    asked = home.sightline(
        _SIGHTLINE_COMPLETE="bash_complete",
        COMP_WORDS=words,
        COMP_CWORD=str(len(words.split(" ")) - 1),
        SIGHTLINE_LANGUAGE="en",
    )
    assert asked.code == 0, asked.err
    return [line.partition(",")[2] for line in asked.text.split()]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script_that_asks_the_program(home: Home, shell: str) -> None:
    script = home.sightline("completion", shell)
    assert script.code == 0
    assert "_SIGHTLINE_COMPLETE" in script.text


def test_commands_and_files_are_offered_first(home: Home) -> None:
    first = offered(home, "sightline m")
    assert "models" in first
    assert "m" in first, "the shell itself completes files"
    assert "open" not in offered(home, "sightline o")


def test_models_and_tasks_by_name(home: Home) -> None:
    assert offered(home, "sightline ask --model d") == ["demo"]
    assert "occlusion" in offered(home, "sightline ask --task o")


def test_a_settings_file_with_a_mistake_offers_nothing(home: Home) -> None:
    settings = home.root / ".config" / "sightline"
    settings.mkdir(parents=True)
    (settings / "models.toml").write_text("[models.mine]\nnonsense = 1\n")
    assert offered(home, "sightline ask --model ") == []


def test_any_name_is_taken_as_it_is() -> None:
    assert MODEL.convert("no-such-model", None, None) == "no-such-model"
