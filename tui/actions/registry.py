"""All actions, collected from the parts of the app, as bindings of Textual's."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from tui.actions import (
    conversation,
    dialogs,
    everywhere,
    files,
    findings,
    first,
    lists,
    picture,
    question,
    search,
    sessions,
    view,
)
from tui.actions.action import Action, Where
from tui.actions.keys import UNBOUND, spelled

ACTIONS: tuple[Action, ...] = (
    *everywhere.ACTIONS,
    *picture.ACTIONS,
    *view.ACTIONS,
    *files.ACTIONS,
    *question.ACTIONS,
    *findings.ACTIONS,
    *conversation.ACTIONS,
    *search.ACTIONS,
    *first.ACTIONS,
    *sessions.ACTIONS,
    *lists.ACTIONS,
    *dialogs.ACTIONS,
)


_IN_DIALOGS = ("help", "quit")
"""What works everywhere has to be said again where a dialog keeps the keys to itself."""


def bindings(where: Where) -> list[BindingType]:
    """Textual's bindings for one part of the app, whose ids the user's keymap knows."""
    return [_binding(action, action.name) for action in ACTIONS if action.where is where]


def dialog_bindings(where: Where) -> list[BindingType]:
    """The same for a dialog, with the help and the way out of the app."""
    everywhere_ = [action for action in everywhere.ACTIONS if action.name in _IN_DIALOGS]
    return [*bindings(where), *(_binding(action, f"app.{action.name}") for action in everywhere_)]


def _binding(action: Action, name: str) -> Binding:
    return Binding(
        action.keys or UNBOUND,
        name,
        action.label,
        show=action.footer,
        key_display=spelled((action.keys or UNBOUND).split(",")[0]),
        priority=action.first,
        tooltip=action.help,
        id=action.known_as,
    )
