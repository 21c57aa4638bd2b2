"""A part that is missing says what it was wanted for and how to get it."""

from __future__ import annotations

import sys

import pytest

from backend.extras import MissingExtra, need


def test_what_is_there_is_no_matter() -> None:
    need("json", extra="depth", to="read a file")


def test_what_is_missing_is_named_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(MissingExtra, match="to measure a stereo pair, sightline needs cv2, which is not installed") as missing:
        need("cv2", extra="depth", to="measure a stereo pair")
    assert missing.value.cure == 'pip install "sightline[depth]"'
    assert missing.value.exit_code == 4


def test_what_is_there_and_does_not_load_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_name: str) -> None:
        raise ImportError("libGL.so.1: cannot open shared object file", name=None)

    monkeypatch.setattr("backend.extras.importlib.import_module", broken)
    with pytest.raises(MissingExtra, match="which does not load here") as missing:
        need("cv2", extra="depth", to="measure a stereo pair")
    assert "--force-reinstall" in missing.value.cure
