"""The measured pair as a model of the user's own, so that the app and the command line can be asked to use it."""

from __future__ import annotations

from pathlib import Path

import platformdirs

from .setting import Setting

MODEL = "bench"


def install(setting: Setting, answer_tokens: int) -> str:
    """Write it into the settings of the run's own home; its name."""
    folder = Path(platformdirs.user_config_dir("sightline"))
    folder.mkdir(parents=True, exist_ok=True)
    tokens = setting.image_tokens
    (folder / "models.toml").write_text(
        f"[models.{MODEL}]\n"
        f'title = "Random weights"\n'
        f'text = "{setting.text.absolute()}"\n'
        f'mmproj = "{setting.mmproj.absolute()}"\n'
        f"image_tokens = {{ min = 4, max = {max(tokens, 1024)}, default = {tokens} }}\n"
        f"context = {setting.context}\n"
        f"max_tokens = {answer_tokens}\n"
        f"gpu_layers = {setting.gpu_layers}\n"
        f"parameters = 2.0\n"
        f"sampling.text = {{ temperature = 0.0 }}\n"
        f"sampling.boxes = {{ temperature = 0.0 }}\n",
        "utf-8",
    )
    return MODEL
