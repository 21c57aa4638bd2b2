"""Terminals that claim what they cannot do, or can do what they do not say. One row each, with the reason.

Whatever is in no row is believed: sixel where its device attributes say so, and no placeholders of kitty's, since a terminal
that takes kitty's pictures says nothing about those.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from backend.language import N_
from backend.terminal.replies import Answers


@dataclass(frozen=True, slots=True)
class Brand:
    """One terminal emulator."""

    name: str
    introduces: str
    """Regular expression for the beginning of its XTVERSION, lower case, or of what tmux knows it by."""
    placeholders: tuple[int, ...] | None = None
    """The version from which on it knows Unicode placeholders; None: not at all."""
    sixel: bool | None = None
    """None: as its device attributes say."""
    true_colour: tuple[int, ...] | None = None
    """The version from which on it shows 24-bit colours, whatever TERM says; None: as TERM and COLORTERM say."""
    short_styles: bool = False
    """It reads ten numbers of one SGR sequence and no more: not bold, a 24-bit colour and another behind it at once."""
    silent: bool = False
    """It must not be asked: it would show the questions."""
    reason: str = ""


BRANDS = (
    Brand(
        "kitty", r"kitty|xterm-kitty", (0, 28), sixel=False, true_colour=(0,), reason=N_("placeholders since 0.28; no sixel")
    ),
    Brand(
        "Ghostty",
        r"ghostty|xterm-ghostty",
        (0,),
        sixel=False,
        true_colour=(0,),
        reason=N_("placeholders since its first release"),
    ),
    Brand(
        "WezTerm",
        r"wezterm",
        true_colour=(0,),
        reason=N_("takes kitty's pictures, and shows placeholders as text (wezterm#7807)"),
    ),
    Brand(
        "Konsole",
        r"konsole",
        true_colour=(0,),
        reason=N_("takes kitty's pictures, without placeholders; sixel since 22.04, which it says"),
    ),
    Brand(
        "iTerm2",
        r"iterm2",
        sixel=True,
        true_colour=(3,),
        reason=N_("sixel since 3.3, whatever its attributes say; no placeholders"),
    ),
    Brand("Warp", r"warp", sixel=False, reason=N_("takes kitty's pictures, without placeholders (warp#6210)")),
    Brand("Rio", r"rio\b", reason=N_("placeholders are too new to be relied on; sixel as it says")),
    Brand("foot", r"foot", true_colour=(0,), reason=N_("sixel, and says so")),
    Brand(
        "mlterm", r"mlterm", true_colour=(0,), short_styles=True, reason=N_("sixel, and says so; ten numbers of an SGR (3.9.0)")
    ),
    Brand("Contour", r"contour", true_colour=(0,), reason=N_("sixel, and says so")),
    Brand("Windows Terminal", r"windows terminal", true_colour=(0,), reason=N_("sixel since 1.22, and says so from then on")),
    Brand(
        "VS Code",
        r"xterm\.js|vscode",
        true_colour=(0,),
        reason=N_("sixel only where terminal.integrated.enableImages is on, and says so then"),
    ),
    Brand("Alacritty", r"alacritty", sixel=False, true_colour=(0,), reason=N_("no pictures at all")),
    Brand("GNOME's VTE", r"vte", true_colour=(3600,), reason=N_("sixel only in builds that have it, which say so")),
    Brand(
        "xterm",
        r"xterm\(",
        true_colour=(331,),
        reason=N_("24-bit colours since patch 331, though its TERM says 8; sixel as it says"),
    ),
    Brand(
        "Apple Terminal", r"apple_terminal", sixel=False, silent=True, reason=N_("no pictures; it shows what it does not know")
    ),
    Brand(
        "Linux console",
        r"linux$",
        sixel=False,
        silent=True,
        reason=N_("no pictures; before 5.11 it shows what it does not know"),
    ),
    Brand("Emacs", r"eterm|dumb-emacs", sixel=False, silent=True, reason=N_("no pictures; it shows what it does not know")),
)
_VARIABLES = {
    "KITTY_WINDOW_ID": "kitty",
    "KONSOLE_VERSION": "konsole",
    "WEZTERM_PANE": "wezterm",
    "WT_SESSION": "windows terminal",
}
"""Set by terminals for what they start; inherited by whatever is started from there, so they come last."""


def by_environment(environment: Mapping[str, str]) -> Brand | None:
    """Which terminal this is, by what it set; nothing where something stands in between, which was set as well."""
    if any(environment.get(name) for name in ("TMUX", "STY", "ZELLIJ")):
        return None
    said = [environment.get("TERM_PROGRAM", ""), environment.get("TERM", "")]
    said += [name for variable, name in _VARIABLES.items() if environment.get(variable)]
    return next((brand for name in said if name and (brand := named(name)) is not None), None)


def named(name: str) -> Brand | None:
    """The row of a terminal that introduces itself so."""
    return next((brand for brand in BRANDS if re.match(brand.introduces, name.lower())), None)


def version_in(name: str) -> tuple[int, ...]:
    """`kitty(0.35.2)` → (0, 35, 2); nothing where there is no number, which counts as the oldest."""
    found = re.search(r"\d+(?:\.\d+)*", name)
    return tuple(int(part) for part in found.group().split(".")) if found else ()


def knows_placeholders(brand: Brand | None, name: str) -> bool:
    """Whether it shows pictures by placeholders; a version it does not tell is taken to be a recent one."""
    if brand is None or brand.placeholders is None:
        return False
    version = version_in(name)
    return not version or version >= brand.placeholders


def has_true_colour(brand: Brand | None, name: str) -> bool:
    """Whether it is known to show 24-bit colours; a version it does not tell is taken to be a recent one."""
    if brand is None or brand.true_colour is None:
        return False
    version = version_in(name)
    return not version or version >= brand.true_colour


def has_sixel(brand: Brand | None, answers: Answers) -> bool:
    if brand is not None and brand.sixel is not None:
        return brand.sixel
    return 4 in (answers.attributes or ())
