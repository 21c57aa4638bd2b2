"""All actions, collected from the parts of the app, as bindings of Textual's."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from tui.actions import conversation, everywhere, files, findings, first, picture, question, search, sessions, view
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
)


def bindings(where: Where) -> list[BindingType]:
    """Textual's bindings for one part of the app, whose ids the user's keymap knows."""
    return [
        Binding(
            action.keys or UNBOUND,
            action.name,
            action.label,
            show=action.footer,
            key_display=spelled((action.keys or UNBOUND).split(",")[0]),
            priority=action.first,
            tooltip=action.help,
            id=action.known_as,
        )
        for action in ACTIONS
        if action.where is where
    ]
