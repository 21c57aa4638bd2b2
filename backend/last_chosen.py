"""What the user chose last in the app, for the next start: theme and language, in a small file of the program's own.

config.toml is the user's and never written. The last word counts: what was chosen in the app holds until its line in
config.toml is changed, so that neither choosing nor editing is ever without effect. For that each choice is kept with what
config.toml said when it was made. A file that cannot be read remembers nothing, and is written anew with the next choice.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from backend.errors import SightlineError
from backend.language import LANGUAGES, _
from backend.preferences import THEMES, Preferences
from backend.sanitise import one_line, quoted

CHOICES: Mapping[str, tuple[str, ...]] = {"theme": THEMES, "language": tuple(LANGUAGES)}
"""What is remembered, by the names that config.toml has for it, with what each may be."""
_LONGEST = 10_000
"""Bytes that are read; a longer file is none of ours."""


class NotRemembered(SightlineError):
    """The file cannot be read or written; the app goes on without."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One choice."""

    value: str
    over: str
    """What config.toml said when it was made."""


def state_file() -> Path:
    """Where choices are remembered; the file need not exist."""
    import platformdirs

    return platformdirs.user_state_path("sightline") / "chosen.json"


class LastChosen:
    """The choices in one file (the user's own if None)."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = state_file() if file is None else file

    def read(self) -> dict[str, Chosen]:
        """By name. What is not known or cannot be is passed over: another version may have written it. Raises NotRemembered."""
        try:
            with self.file.open("rb") as stream:
                text = stream.read(_LONGEST)
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError as error:
            raise self._unusable(error.strerror or str(error)) from error
        try:
            document = json.loads(text)
        except (ValueError, RecursionError) as error:  # the decoder's error and that of UTF-8 are ValueErrors
            raise self._unusable(_("it is damaged")) from error
        if not isinstance(document, dict):
            raise self._unusable(_("it is damaged"))
        found = {name: _chosen(document.get(name), allowed) for name, allowed in CHOICES.items()}
        return {name: one for name, one in found.items() if one is not None}

    def over(self, said: Preferences) -> Preferences:
        """What config.toml says, with what was chosen since in its place. Raises NotRemembered."""
        chosen = {name: one.value for name, one in self.read().items() if one.over == getattr(said, name)}
        return replace(said, theme=chosen.get("theme", said.theme), language=chosen.get("language", said.language))

    def remember(self, name: str, value: str, said: Preferences) -> None:
        """Keep a choice for the next start; `said`: what config.toml says. Written whole or not at all.

        Raises NotRemembered.
        """
        try:
            known = self.read()
        except NotRemembered:
            known = {}
        known[name] = Chosen(value, getattr(said, name))
        document = {key: {"value": one.value, "over": one.over} for key, one in known.items()}
        part = self.file.with_name(f".{self.file.name}-{secrets.token_hex(6)}.part")
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            try:
                with part.open("x", encoding="utf-8") as stream:
                    json.dump(document, stream, indent=1)
                    stream.flush()
                    os.fsync(stream.fileno())
                part.replace(self.file)
            finally:
                part.unlink(missing_ok=True)
        except OSError as error:
            raise self._unusable(error.strerror or str(error)) from error

    def _unusable(self, reason: str) -> NotRemembered:
        said = _("what was chosen cannot be remembered: {file}: {reason}").format(
            file=quoted(self.file), reason=one_line(reason, 120)
        )
        return NotRemembered(said, cure=_("config.toml can say it as well"))


def _chosen(told: object, allowed: tuple[str, ...]) -> Chosen | None:
    match told:
        case {"value": str(value), "over": str(over)} if value in allowed:
            return Chosen(value, over)
    return None
