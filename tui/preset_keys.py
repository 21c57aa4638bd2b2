"""Presets of the user's own on their keys; the shipped ones are in the registry of actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import App

from backend.language import _
from tui.actions import ACTIONS, Where
from tui.actions.keys import keys_of
from tui.presets import check_keys, own

_HEARD = (Where.ANYWHERE, Where.PICTURE, Where.VIEW, Where.FILES, Where.QUESTION, Where.FINDINGS, Where.CONVERSATION)
"""The parts of the main screen, where presets are asked; dialogs hear no keys but their own."""


def bind_own(app: App[None]) -> None:
    """Give the user's own presets the keys that their file gives them. Raises PresetsError."""
    for one in own():
        if one.keys:
            app.bind(one.keys, f"screen.ask_preset({one.name!r})", description=one.label)


def refuse_bad_presets(rebound: Mapping[str, Sequence[str]]) -> None:
    """Raises PresetsError where the user's file is not understood, or wants keys that mean something already. `rebound`: the
    user's keys of actions, by their names; a key that was taken from an action is free."""
    check_keys({key: _(one.label) for one in ACTIONS if one.where in _HEARD for key in keys_of(one, rebound)})
