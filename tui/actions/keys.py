"""Keys: how a reader writes them, which ones a terminal can send, and the user's own in place of the registry's."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import NoReturn

from textual.keys import Keys, _character_to_key

from backend.errors import SightlineError
from backend.language import _
from backend.sanitise import one_line
from tui.actions.action import Action, Where

UNBOUND = "unbound"
"""Stands for no key at all: no terminal sends it."""
_ARROWS = str.maketrans({"↓": "Down", "↑": "Up", "←": "Left", "→": "Right"})
_NAMED = {key.value for key in Keys if not key.value.startswith("<")} | {
    _character_to_key(chr(code)) for code in range(32, 127)
}
_FUNCTION = re.compile(r"f([1-9]|1\d|2[0-4])")
_CONTROL = re.compile(r"ctrl\+(?:[a-z]|space|at|backslash|right_square_bracket|circumflex_accent|underscore)")
_SPELLED = {
    "escape": "Esc", "enter": "Enter", "space": "Space", "tab": "Tab", "backspace": "Backspace", "delete": "Del",
    "pagedown": "PgDn", "pageup": "PgUp", "home": "Home", "end": "End", "down": "↓", "up": "↑", "left": "←", "right": "→",
    "slash": "/", "question_mark": "?", "plus": "+", "minus": "-", "greater_than_sign": ">", "less_than_sign": "<",
    "right_square_bracket": "]", "left_square_bracket": "[", "full_stop": ".", "comma": ",",
}  # fmt: skip


def split(keys: str) -> tuple[str, ...]:
    """The keys of an action, each in Textual's long spelling."""
    return tuple(normal(key) for key in keys.split(",") if key)


def normal(key: str) -> str:
    """A key as Textual names its events: `?` is `question_mark`."""
    return _character_to_key(key) if len(key) == 1 else key


def is_sent(key: str) -> bool:
    """Whether terminals send such a key: one character, a named key, Ctrl with a letter, or those with modifiers that
    xterm's sequences have room for."""
    return len(key) == 1 or key in _NAMED or bool(_FUNCTION.fullmatch(key) or _CONTROL.fullmatch(key))


def spelled(key: str) -> str:
    """A key of Textual's in the words of a keyboard."""
    if key == UNBOUND:
        return "-"
    if key.startswith("ctrl+"):
        return f"^{_SPELLED.get(rest := key.removeprefix('ctrl+'), rest.upper())}"
    if key.startswith("shift+"):
        return f"Shift+{spelled(key.removeprefix('shift+'))}"
    return _SPELLED.get(key, key.upper() if re.fullmatch(r"f\d+", key) else key)


def shown_keys(action: Action, *, unicode: bool = True, own: Mapping[str, Sequence[str]] | None = None) -> str:
    """How a reader writes the keys of an action; `own`: the user's, by the action's name."""
    mine = (own or {}).get(action.known_as)
    if mine is not None:
        keys = "  ".join(spelled(normal(key)) for key in mine) or "-"
    else:
        keys = action.shown_as or spelled((action.keys or UNBOUND).split(",")[0])
    return keys if unicode else keys.translate(_ARROWS)


def keymap(own: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The user's keys as Textual's keymap, by the ids of bindings."""
    return {name: ",".join(normal(key) for key in keys) or UNBOUND for name, keys in own.items()}


def refuse_mistakes(
    own: Mapping[str, Sequence[str]], actions: Sequence[Action], error: type[SightlineError], file: str
) -> None:
    """Raises `error`, naming file and key, for an action that there is not, a key that no terminal sends, and one key for
    two actions that can be done in the same place."""
    known = {action.known_as: action for action in actions}

    def refuse(name: str, what: str, cure: str) -> NoReturn:
        where = _("{file}, table [keys], key “{key}”").format(file=file, key=one_line(name, 60))
        raise error(f"{where}: {what}", cure=cure)

    for name, keys in own.items():
        if name not in known:
            close = get_close_matches(name, known, n=1)
            cure = (
                _("did you mean “{close}”?").format(close=close[0]) if close else _("docs/configuration.md lists all actions")
            )
            refuse(name, _("there is no such action"), cure)
        for key in keys:
            if not is_sent(key):
                said = _("“{key}” is no key that a terminal sends").format(key=one_line(key, 40))
                refuse(name, said, _('write it like "ctrl+e", "f5", "shift+up", "x" or "question_mark"'))
    for name in own:
        for key, other in _clashes(known[name], known.values(), own):
            said = _("“{key}” is also the key of {other}").format(key=key, other=other)
            refuse(name, said, _("choose another key, or give {other} one").format(other=other))


def _clashes(action: Action, actions: Iterable[Action], own: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Keys of an action that another one of the same place has too, with that one's name."""
    by_key: defaultdict[str, list[str]] = defaultdict(list)
    for other in actions:
        if other is not action and _together(action.where, other.where):
            for key in keys_of(other, own):
                by_key[key].append(other.known_as)
    return [(key, by_key[key][0]) for key in keys_of(action, own) if key in by_key]


def keys_of(action: Action, own: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The keys that an action has for this user, in Textual's spelling."""
    mine = own.get(action.known_as)
    return split(action.keys) if mine is None else tuple(normal(key) for key in mine)


def _together(one: Where, other: Where) -> bool:
    """Whether both are asked for the same key press on one level; a part that has the focus goes before the screen's."""
    return one is other or {one, other} == {Where.ANYWHERE, Where.PICTURE}
