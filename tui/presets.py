"""Questions that belong together and are asked with one key. They are data: a new one needs no code.

The shipped ones (presets.toml beside this module) are part of the registry of actions. A file of the user's own, also called
presets.toml, changes what they ask and adds others, which the palette lists and which may have keys. It is read again when it
changes; every slip in it is a PresetsError that names file, preset and key.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from backend.catalog.card import ModelCard
from backend.errors import UsageError
from backend.language import _
from backend.toml_file import read_toml
from backend.toml_rules import Rule, Spot, Table, Text, unknown

MOST = 20
"""Questions of one preset at most: they are answered together, and each takes its part of the model's context."""


class PresetsError(UsageError):
    """The user's presets.toml is not understood; names file, preset and key. Exit code 2."""


@dataclass(frozen=True, slots=True)
class Preset:
    """One of them."""

    name: str
    keys: str
    """Comma-separated, in Textual's spelling; empty where it has none."""
    label: str
    help: str
    questions: tuple[str, ...]
    drawn: tuple[str, ...]
    """What the demo model is asked instead, which knows nothing but drawn scenes."""

    def asked_of(self, card: ModelCard) -> tuple[str, ...]:
        """The questions for that model."""
        return self.drawn if card.bundled else self.questions


@dataclass(frozen=True, slots=True)
class _Questions:
    """A list of questions."""

    def check(self, value: object, spot: Spot) -> None:
        if not isinstance(value, list) or not value:
            spot.refuse(_("this is not a list of questions"), cure=_('write ["Where is the cup?", "How many cups are there?"]'))
        if len(value) > MOST:
            spot.refuse(_("these are {count} questions, of {most} at most").format(count=len(value), most=MOST))
        for question in value:
            _QUESTION.check(question, spot)


_QUESTION = Text(r"(?s)(?=.*\S)[^\x00-\x1f\x7f]{1,2000}", "a question: text on one line of 1 to 2,000 characters")
_NAME = Text(r"[a-z][a-z_]{0,39}", "the name of a preset: small letters and _, at most 40 of them")
_KEYS: dict[str, Rule] = {
    "name": _NAME,
    "keys": Text(r"[a-z0-9_+]+(?:,[a-z0-9_+]+)*", 'keys as Textual spells them, such as "f10" or "ctrl+y,f10"'),
    "label": Text(r"[^\x00-\x1f\x7f]{1,24}", "a label of at most 24 characters"),
    "help": Text(),
    "questions": _Questions(),
    "drawn": _Questions(),
}
_PRESET = Table(_KEYS)


@cache
def shipped() -> tuple[Preset, ...]:
    """Those that come with sightline, read once."""
    listed = tomllib.loads(files("tui").joinpath("presets.toml").read_text("utf-8"))["preset"]
    return tuple(Preset(**{**one, "questions": tuple(one["questions"]), "drawn": tuple(one["drawn"])}) for one in listed)


def user_presets() -> Path:
    """The user's presets.toml; it need not exist."""
    import platformdirs

    return platformdirs.user_config_path("sightline") / "presets.toml"


def presets() -> tuple[Preset, ...]:
    """All that can be asked now: the shipped ones as the user's file changes them, then the user's own. Raises PresetsError."""
    file = user_presets()
    try:
        seen = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return shipped()
    except OSError:
        return _laid_over(file, (0, 0))  # which will say why it cannot be read
    return _laid_over(file, (seen.st_mtime_ns, seen.st_size))


def own() -> tuple[Preset, ...]:
    """The user's own. Raises PresetsError."""
    return presets()[len(shipped()) :]


def preset(name: str) -> Preset:
    """The one with that name. Raises PresetsError, also where it is gone from the user's file since."""
    for one in presets():
        if one.name == name:
            return one
    raise PresetsError(_("there is no preset {name} any more").format(name=name), cure=_("look into presets.toml"))


def check_keys(taken: Mapping[str, str]) -> None:
    """Refuse keys of the user's own presets that mean something already. `taken`: keys, each with what it does."""
    used = dict(taken)
    for one in own():
        spot = _spot(user_presets(), one.name, "keys")
        for key in filter(None, one.keys.split(",")):
            if key in used:
                spot.refuse(_("{key} means something already: {what}").format(key=key, what=used[key]))
            used[key] = one.label


@lru_cache(maxsize=4)
def _laid_over(file: Path, _stamp: tuple[int, int]) -> tuple[Preset, ...]:
    """With that file of the user's over the shipped ones; the stamp tells its versions apart."""
    document = read_toml(file, PresetsError)
    for key in document:
        if key != "preset":
            unknown(key, {"preset": None}, Spot(file, "top level", key, PresetsError))
    listed = document.get("preset", [])
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        Spot(file, "preset", error=PresetsError).refuse(_("presets are a list of tables; write [[preset]] above each"))
    known = {one.name: one for one in shipped()}
    seen: set[str] = set()
    for number, table in enumerate(listed, 1):
        name = _checked(file, number, table)
        if name in seen:
            _spot(file, name, "name").refuse(_("there are two of this name"))
        seen.add(name)
        known[name] = _changed(file, known[name], table) if name in known else _new(file, name, table)
    return tuple(known.values())


def _checked(file: Path, number: int, table: Mapping[str, Any]) -> str:
    """The name of a preset all whose values are what they must be."""
    spot = Spot(file, f"preset {number}", error=PresetsError)
    if "name" not in table:
        spot.inside("name").refuse(_("this key is missing"), cure=_('write name = "…"'))
    _NAME.check(table["name"], spot.inside("name"))
    _PRESET.check(table, _spot(file, table["name"]))
    return str(table["name"])


def _changed(file: Path, one: Preset, table: Mapping[str, Any]) -> Preset:
    """A shipped preset as the user wants it asked."""
    for key in ("keys", "label"):
        if key in table:
            cure = _("take it out; config.toml changes the keys of actions, under [keys]")
            _spot(file, one.name, key).refuse(_("this is settled for a preset that comes with sightline"), cure=cure)
    drawn = table.get("drawn", table.get("questions", one.drawn))
    return replace(one, questions=tuple(table.get("questions", one.questions)), drawn=tuple(drawn))


def _new(file: Path, name: str, table: Mapping[str, Any]) -> Preset:
    if "questions" not in table:
        _spot(file, name, "questions").refuse(_("this key is missing"), cure=_('write questions = ["…"]'))
    questions: Sequence[str] = table["questions"]
    label = table.get("label") or name.replace("_", " ").capitalize()[:24]
    about = table.get("help") or questions[0]
    return Preset(name, table.get("keys", ""), label, about, tuple(questions), tuple(table.get("drawn", questions)))


def _spot(file: Path, name: str, key: str = "") -> Spot:
    return Spot(file, f"preset {name}", key, PresetsError)
