"""The app's colours: quiet slate for the frame, so that the picture and the finding colours are the brightest things there.

One accent says where the keys go; red, amber and green are kept for what went wrong, what is unsure and what is confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import Theme

DARK = Theme(
    name="sightline-dark",
    primary="#7aa2c8",
    secondary="#5c7f9e",
    accent="#e2b15b",
    warning="#e2b15b",
    error="#e0707a",
    success="#7fbf8e",
    foreground="#d3dae3",
    background="#0e1216",
    surface="#151b21",
    panel="#1f2831",
    dark=True,
    variables={
        "block-cursor-background": "#2a3743",
        "block-cursor-foreground": "#f3f6f9",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#1f2831",
        "block-cursor-blurred-foreground": "#d3dae3",
        "footer-background": "#0e1216",
        "footer-key-foreground": "#e2b15b",
        "footer-key-background": "#0e1216",
        "footer-description-foreground": "#8b98a5",
        "footer-description-background": "#0e1216",
        "input-selection-background": "#7aa2c8 35%",
        "scrollbar": "#2a3743",
        "scrollbar-hover": "#3a4957",
        "scrollbar-active": "#7aa2c8",
        "scrollbar-background": "#151b21",
        "scrollbar-background-hover": "#151b21",
        "scrollbar-background-active": "#151b21",
        "scrollbar-corner-color": "#151b21",
        "faint": "#8693a0",
        "line": "#33414e",
    },
)

LIGHT = Theme(
    name="sightline-light",
    primary="#2f6690",
    secondary="#5c7f9e",
    accent="#925600",
    warning="#925600",
    error="#b3303c",
    success="#26703d",
    foreground="#1d252c",
    background="#ffffff",
    surface="#f3f5f7",
    panel="#e4e9ed",
    dark=False,
    variables={
        "block-cursor-background": "#cfdbe5",
        "block-cursor-foreground": "#10161b",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#e4e9ed",
        "block-cursor-blurred-foreground": "#1d252c",
        "footer-background": "#ffffff",
        "footer-key-foreground": "#925600",
        "footer-key-background": "#ffffff",
        "footer-description-foreground": "#55626e",
        "footer-description-background": "#ffffff",
        "scrollbar": "#c3ced8",
        "scrollbar-background": "#f3f5f7",
        "faint": "#5d6a76",
        "line": "#b9c5cf",
    },
)

HIGH_CONTRAST = Theme(
    name="sightline-high-contrast",
    primary="#9fd3ff",
    secondary="#9fd3ff",
    accent="#ffd75f",
    warning="#ffd75f",
    error="#ffa0a0",
    success="#7dff9b",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    dark=True,
    variables={
        "block-cursor-background": "#ffffff",
        "block-cursor-foreground": "#000000",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#3a3a3a",
        "block-cursor-blurred-foreground": "#ffffff",
        "footer-background": "#000000",
        "footer-key-foreground": "#ffd75f",
        "footer-key-background": "#000000",
        "footer-description-foreground": "#ffffff",
        "footer-description-background": "#000000",
        "scrollbar": "#bcbcbc",
        "scrollbar-hover": "#ffffff",
        "scrollbar-active": "#ffd75f",
        "scrollbar-background": "#000000",
        "faint": "#d0d0d0",
        "line": "#bcbcbc",
    },
)
"""All text at 7:1 or more against what it stands on (WCAG 2.2, success criterion 1.4.6)."""

THEMES = {"dark": DARK, "light": LIGHT, "high-contrast": HIGH_CONTRAST}
"""By the name that config.toml has for them, in the order in which they are cycled through."""


def chosen(wish: str, *, light: bool | None, environment: Mapping[str, str] | None = None) -> Theme:
    """The theme for `wish` of config.toml. `auto` is light where the terminal has answered so, else where COLORFGBG, which
    rxvt and Konsole set to `foreground;background` by number of the 16 colours, says so, else dark."""
    if wish in THEMES:
        return THEMES[wish]
    background = (environment or {}).get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT if light or background in ("7", "15") else DARK


def after(name: str) -> Theme:
    """The one that follows the theme of that name."""
    listed = list(THEMES.values())
    at = next((index for index, one in enumerate(listed) if one.name == name), -1)
    return listed[(at + 1) % len(listed)]
