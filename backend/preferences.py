"""What the user prefers: config.toml, read once at the start, every key of it described here.

The descriptions are the reference: `docs/configuration.md` is made from them. A file that is not there means the defaults;
a key that is not known, or a value that cannot be, is refused with the table and the key, because a typing error that is
passed over in silence is looked for in vain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from backend.errors import UsageError
from backend.language import LANGUAGES, N_, _
from backend.toml_file import read_toml
from backend.toml_rules import Flag, Rule, Spot, Text, table_of, unknown

GRAPHICS = ("auto", "kitty", "sixel", "half-blocks", "quadrants", "braille", "ascii")
"""How pictures are drawn; `auto` asks the terminal."""
THEMES = ("auto", "dark", "light", "high-contrast")


class PreferencesError(UsageError):
    """config.toml says something that is not understood; names file, table and key. Exit code 2."""


def _preference(default: Any, about: str, choices: tuple[str, ...] = ()) -> Any:
    return field(default=default, metadata={"about": about, "choices": choices})


@dataclass(frozen=True, slots=True)
class Preferences:
    """Everything that config.toml can say, with the defaults."""

    language: str = _preference(
        "auto",
        N_("The language of interface, help and messages. `auto` follows the locale; SIGHTLINE_LANGUAGE goes before both."),
        ("auto", *LANGUAGES),
    )
    theme: str = _preference(
        "auto", N_("The app's colours. `auto` is light where the terminal says that its background is, else dark."), THEMES
    )
    graphics: str = _preference(
        "auto",
        N_("How pictures are drawn. `auto` takes the best that the terminal says it can; --graphics goes first."),
        GRAPHICS,
    )
    mouse: bool = _preference(True, N_("Whether the app takes mouse clicks; without it the terminal's own selection works."))
    keys: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: MappingProxyType({}),
        metadata={
            "about": N_("Keys of actions, by the action's name: a key, a list of keys, or an empty list for none."),
            "choices": (),
        },
    )


def user_preferences() -> Path:
    """The user's config.toml; it need not exist."""
    import platformdirs

    return platformdirs.user_config_path("sightline") / "config.toml"


def load_preferences(file: Path | None = None) -> Preferences:
    """What `file` (the user's own if None) says. Raises PreferencesError."""
    file = user_preferences() if file is None else file
    if not file.exists():
        return Preferences()
    said = read_toml(file, PreferencesError)
    for key, value in said.items():
        if key not in RULES:
            unknown(key, RULES, Spot(file, "top level", key, PreferencesError))
        RULES[key].check(value, Spot(file, "top level", key, PreferencesError))
    keys = {action: (bound,) if isinstance(bound, str) else tuple(bound) for action, bound in said.pop("keys", {}).items()}
    return Preferences(**said, keys=MappingProxyType(keys))


@dataclass(frozen=True, slots=True)
class Keys:
    """Actions by name, each with a key as Textual spells it, or a list of them."""

    def check(self, value: object, spot: Spot) -> None:
        for action, bound in table_of(value, spot).items():
            listed = bound if isinstance(bound, list) else [bound]
            for key in listed:
                Text(r"\S+", _('a key such as "ctrl+s"')).check(key, spot.inside(action))


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "language": Text("|".join(("auto", *LANGUAGES)), ", ".join(("auto", *LANGUAGES))),
        "theme": Text("|".join(THEMES), ", ".join(THEMES)),
        "graphics": Text("|".join(GRAPHICS), ", ".join(GRAPHICS)),
        "mouse": Flag(),
        "keys": Keys(),
    }
)
"""What each key may be; their meanings stand in `Preferences`."""
