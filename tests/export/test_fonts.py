"""Fonts are found by name, and only those that work are used."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import ImageFont

from backend.export import fonts


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place where fonts are looked for."""
    monkeypatch.setattr(fonts, "folders", lambda: (tmp_path,))
    return tmp_path


def test_without_any_font_pillows_own_is_used(own_folder: Path) -> None:
    assert own_folder.exists()
    font = fonts.font_for("red circle", 14)
    assert font is not None
    assert font.size == 14
    assert fonts.font_for("红色圆形", 14) is None


def test_damaged_fonts_are_passed_over(own_folder: Path) -> None:
    (own_folder / "deep" / "er").mkdir(parents=True)
    (own_folder / "deep" / "er" / "DejaVuSans.ttf").write_bytes(b"no font")
    (own_folder / "wqy-zenhei.ttc").symlink_to("removed.ttc")
    assert fonts.font_for("red circle", 14) is not None


def test_a_folder_of_ones_own_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_FONTS", str(tmp_path))
    assert fonts.folders()[0] == tmp_path


def test_chinese_is_written_where_a_font_for_it_is_installed() -> None:
    font = fonts.font_for("红色圆形", 14)
    if font is None:
        pytest.skip("this system has no Chinese font; then ids stand in for such labels, which test_overlay shows")
    assert font.getmask("红").getbbox() is not None
    assert isinstance(font, ImageFont.FreeTypeFont)
