"""Themes: text can be read on everything that it stands on, by WCAG's contrast ratio, and the right one is chosen."""

from __future__ import annotations

from itertools import product

import pytest
from textual.color import Color
from textual.theme import Theme

from tui.theme import DARK, HIGH_CONTRAST, LIGHT, THEMES, after, chosen

LEAST = {"dark": 4.5, "light": 4.5, "high-contrast": 7.0}
"""WCAG 2.2, success criteria 1.4.3 and 1.4.6."""


def luminance(colour: Color) -> float:
    """WCAG's relative luminance: 0 is black, 1 is white."""
    parts = (channel / 255 for channel in (colour.r, colour.g, colour.b))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted(luminance(Color.parse(colour)) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def pairs(theme: Theme) -> list[tuple[str, str]]:
    """Every text colour of a theme with each background that it is written on."""
    own = theme.variables
    texts = (theme.foreground, theme.primary, theme.accent, theme.warning, theme.error, theme.success, own["faint"])
    grounds = (theme.background, theme.surface, theme.panel)
    found = [(text, ground) for text, ground in product(texts, grounds) if text and ground]
    for part in ("block-cursor", "block-cursor-blurred", "footer-key", "footer-description"):
        found.append((own[f"{part}-foreground"], own[f"{part}-background"]))
    return found


def test_the_ratio_is_wcags() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", list(THEMES))
def test_all_text_can_be_read(name: str) -> None:
    low = {pair: round(contrast(*pair), 2) for pair in pairs(THEMES[name]) if contrast(*pair) < LEAST[name]}
    assert low == {}


@pytest.mark.parametrize(
    ("wish", "light", "environment", "theme"),
    [
        ("light", False, {}, LIGHT),
        ("high-contrast", True, {}, HIGH_CONTRAST),
        ("auto", True, {}, LIGHT),
        ("auto", False, {}, DARK),
        ("auto", None, {"COLORFGBG": "0;15"}, LIGHT),
        ("auto", None, {"COLORFGBG": "15;default;0"}, DARK),
        ("dark", True, {"COLORFGBG": "0;15"}, DARK),
    ],
)
def test_the_theme_that_is_chosen(wish: str, light: bool | None, environment: dict[str, str], theme: Theme) -> None:
    assert chosen(wish, light=light, environment=environment) is theme


def test_all_are_gone_through() -> None:
    assert [after(one.name) for one in (DARK, LIGHT, HIGH_CONTRAST)] == [LIGHT, HIGH_CONTRAST, DARK]
