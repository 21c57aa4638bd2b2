"""Where sightline keeps things, in one place: the platform's own folders, each with the one variable that moves it."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import platformdirs

_APP = "sightline"


def models_folder() -> Path:
    """Downloaded models, one folder each; SIGHTLINE_MODELS moves it (to a larger disk, say)."""
    chosen = os.environ.get("SIGHTLINE_MODELS")
    return Path(chosen).expanduser().absolute() if chosen else platformdirs.user_data_path(_APP) / "models"


def user_catalog() -> Path:
    """The user's own models.toml; it need not exist."""
    return platformdirs.user_config_path(_APP) / "models.toml"


def user_tasks() -> Path:
    """The user's own tasks.toml; it need not exist."""
    return platformdirs.user_config_path(_APP) / "tasks.toml"


def added_catalog(user: Path) -> Path:
    """The file beside the user's own that `sightline models add` writes, so that a hand-made file is never rewritten."""
    return user.with_name("added.toml")


def log_folder() -> Path:
    return platformdirs.user_log_path(_APP)


def shipped_catalog() -> Path:
    """models.toml: beside this package in a wheel, at the top of a checkout."""
    packaged = Path(__file__).with_name("models.toml")
    return packaged if packaged.is_file() else Path(__file__).parents[2] / "models.toml"


def demo_folder() -> Path:
    """The pair that is part of the program."""
    return Path(__file__).parents[1] / "demo"


def measurements_folder() -> Path:
    """What self-tests measured: one small file for each model and runtime. Losing it costs only a new self-test."""
    return platformdirs.user_state_path(_APP) / "measured"


def cache_folder() -> Path:
    """What can be made again: emptying it costs time alone."""
    return platformdirs.user_cache_path(_APP)


def runtime_folder() -> Path:
    """Sockets of this login session."""
    with warnings.catch_warnings():  # of XDG_RUNTIME_DIR not being set, to standard error; a stand-in is returned all the same
        warnings.simplefilter("ignore")
        return platformdirs.user_runtime_path(_APP)
