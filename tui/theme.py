"""The app's colours: quiet slate for the frame, so that the picture and the finding colours are the brightest things there.

One accent says where the keys go; red, amber and green are kept for what went wrong, what is unsure and what is confirmed.
"""

from __future__ import annotations

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
        "faint": "#7d8a97",
        "line": "#33414e",
    },
)

LIGHT = Theme(
    name="sightline-light",
    primary="#2f6690",
    secondary="#5c7f9e",
    accent="#9a5b00",
    warning="#9a5b00",
    error="#b3303c",
    success="#2c7a45",
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
        "footer-key-foreground": "#9a5b00",
        "footer-key-background": "#ffffff",
        "footer-description-foreground": "#55626e",
        "footer-description-background": "#ffffff",
        "scrollbar": "#c3ced8",
        "scrollbar-background": "#f3f5f7",
        "faint": "#5d6a76",
        "line": "#b9c5cf",
    },
)


def chosen(preference: str, *, light: bool) -> Theme:
    """The theme of that name (`backend.preferences.THEMES`); `auto`, and one that is not there, goes by the background."""
    named = {"dark": DARK, "light": LIGHT}
    return named.get(preference) or (LIGHT if light else DARK)
