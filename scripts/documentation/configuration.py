"""docs/configuration.md: preferences, keys, environment variables and settings files, as the code has them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path

from backend.preferences import Preferences
from tui.actions import ACTIONS, Where, shown_keys
from tui.actions.action import ABOUT

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "docs" / "configuration.md"

VARIABLES = {
    "SIGHTLINE_LANGUAGE": "`en` or `zh_CN`, before the app's choice, config.toml and the locale; --language goes before it.",
    "SIGHTLINE_MODEL": "The model to use, as `--model` does.",
    "SIGHTLINE_MODELS": "The folder that models are downloaded to, in place of the user's data folder.",
    "SIGHTLINE_FORCE": "Set to anything: try a model that does not fit into memory.",
    "SIGHTLINE_ENGINE": "`private` or `shared`: a worker for this program, or one for all; `auto` decides by size.",
    "SIGHTLINE_THREADS": "How many threads llama.cpp computes with.",
    "SIGHTLINE_MEMORY": "`off`: keep nothing of what is asked, as `--no-memory`.",
    "SIGHTLINE_FONTS": "A folder that is searched for fonts first, for labels in saved pictures.",
    "SIGHTLINE_PLAIN": "Set to 1: lines of text in place of the app, as `--plain`.",
    "SIGHTLINE_BUILD": "Set-up: `cpu` or `cuda`, whatever the machine has.",
    "SIGHTLINE_PYTHON": "Set-up: the Python to use.",
    "SIGHTLINE_VENV": "Set-up: the folder of the environment, in place of `.venv`.",
}
"""Every variable of our own that a user may set."""
OTHERS = {
    "NO_COLOR": "Set to anything: no colour at all.",
    "COLORFGBG": "Where the terminal does not tell its background: whether the theme `auto` is light.",
    "HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE": "The hub's own: another mirror, a token, no network.",
    "CUDA_VISIBLE_DEVICES": "Which GPUs may be used.",
    "LANGUAGE, LC_ALL, LC_MESSAGES, LANG": "The locale, as gettext reads it.",
}
_INTERNAL = {"SIGHTLINE_COMPLETE", "SIGHTLINE_KNOWS_AMX"}
"""click's own, and one of CMake's."""


def page() -> str:
    """The whole page, as Markdown."""
    return "\n".join([*_preferences(), *_keys(), *_variables(), *_files()])


def read_by_the_code() -> set[str]:
    """The variables of our own that occur in what is shipped and in set-up."""
    found: set[str] = set()
    for folder in (ROOT / "backend", ROOT / "tui", ROOT / "scripts" / "environment"):
        for file in folder.rglob("*"):
            if file.suffix in (".py", ".toml", ".cmake"):
                found |= set(re.findall(r"\bSIGHTLINE_[A-Z_]*[A-Z]\b", file.read_text("utf-8")))
    found |= set(re.findall(r"\bSIGHTLINE_[A-Z_]*[A-Z]\b", (ROOT / "scripts" / "environment.sh").read_text("utf-8")))
    return found - _INTERNAL


def _preferences() -> Iterator[str]:
    yield "# Configuration"
    yield ""
    yield "Made from the code by `scripts/docs`. Everything is optional; without any file the defaults below hold."
    yield ""
    yield "## config.toml"
    yield ""
    yield "In `~/.config/sightline/` (`XDG_CONFIG_HOME` moves it). What is not understood is refused with file and key."
    yield ""
    yield "| key | default | values | meaning |"
    yield "|---|---|---|---|"
    for one in fields(Preferences):
        default = "none" if one.default is MISSING else f"`{json.dumps(one.default)}`"
        choices = ", ".join(f"`{choice}`" for choice in one.metadata["choices"])
        choices = choices or ("`true`, `false`" if isinstance(one.default, bool) else "see below")
        yield f"| `{one.name}` | {default} | {choices} | {_cell(one.metadata['about'])} |"
    yield ""
    yield from ("```toml", 'theme = "high-contrast"', "mouse = false", "", "[keys]", 'save_overlay = "ctrl+e"')
    yield from ('quit = ["ctrl+q", "ctrl+x"]', "film_start = []   # no key", "```", "")
    yield "Theme and language that are chosen in the app (`Ctrl+T`, or the command palette, `Ctrl+P`) are remembered in"
    yield "`chosen.json` in `~/.local/state/sightline/` (`XDG_STATE_HOME` moves it); config.toml is never written. The last"
    yield "word counts: a choice holds until its line in config.toml is changed. What counts, the first that says something:"
    yield ""
    yield "1. the command line (`--language`, `--graphics`),"
    yield "2. the environment (`SIGHTLINE_LANGUAGE`; `NO_COLOR` takes the colours from every theme),"
    yield "3. what was chosen in the app, or config.toml where it was changed since,"
    yield "4. the locale; the terminal's background."
    yield ""


def _keys() -> Iterator[str]:
    yield "## Actions and their keys"
    yield ""
    yield "`[keys]` takes the action's name and keys in Textual's spelling: `x`, `ctrl+e`, `f5`, `shift+up`, `question_mark`."
    yield "Refused are actions that do not exist, keys that no terminal sends, and one key for two actions in one place."
    for where in Where:
        actions = [action for action in ACTIONS if action.where is where]
        yield from ("", f"### {where.value}", "", ABOUT[where], "", "| action | keys | what it does |", "|---|---|---|")
        for action in actions:
            yield f"| `{action.known_as}` | {_cell(shown_keys(action))} | {_cell(action.help)} |"
    yield ""


def _variables() -> Iterator[str]:
    yield from ("## Environment variables", "", "| variable | meaning |", "|---|---|")
    for name, meaning in {**VARIABLES, **OTHERS}.items():
        yield f"| `{name}` | {_cell(meaning)} |"
    yield ""


def _files() -> Iterator[str]:
    yield from ("## Settings files", "", "| file | what is in it |", "|---|---|")
    yield "| `config.toml` | the preferences above |"
    yield "| `chosen.json` | theme and language as chosen last in the app; may be deleted |"
    yield "| `models.toml` | your own models and servers; `sightline models where` says where |"
    yield "| `added.toml` | what `sightline models add` writes; not edited by hand |"
    yield "| `tasks.toml` | your own tasks, laid over the shipped ones; `sightline tasks` says where |"
    yield ""
    yield "The questions that one key asks together (`F2`) are in `tui/presets.toml` of the program;"
    yield "a `presets.toml` beside config.toml adds more."
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
