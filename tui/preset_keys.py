"""Presets of the user's own on their keys; the shipped ones are in the registry of actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import App

from backend.language import _
from tui.actions import ACTIONS
from tui.actions.keys import keys_of
from tui.presets import check_keys, own


def bind_own(app: App[None]) -> None:
    """Give the user's own presets the keys that their file gives them. Raises PresetsError."""
    for one in own():
        if one.keys:
            app.bind(one.keys, f"screen.ask_preset({one.name!r})", description=one.label)


def refuse_bad_presets(rebound: Mapping[str, Sequence[str]]) -> None:
    """Raises PresetsError where the user's file is not understood, or wants keys that mean something already. `rebound`: the
    user's keys of actions, by their names; a key that was taken from an action is free."""
    check_keys({key: _(action.label) for action in ACTIONS for key in keys_of(action, rebound)})
