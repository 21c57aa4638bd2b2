"""Every test here has settings and models of its own, whatever the machine's user has."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    for name in ("SIGHTLINE_MODELS", "SIGHTLINE_MODEL", "SIGHTLINE_FORCE"):
        monkeypatch.delenv(name, raising=False)
