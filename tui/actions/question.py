"""Actions of the question line."""

from __future__ import annotations

from tui.actions.action import Action, Where

ACTIONS: tuple[Action, ...] = (
    Action("submit", "enter", "Ask", "Ask about the picture that is shown", Where.QUESTION, goes=True),
    Action("earlier", "up", "Earlier", "Bring back an earlier question", Where.QUESTION, shown_as="↑"),
    Action("later", "down", "Later", "The next later one", Where.QUESTION, shown_as="↓"),
    Action("leave_edit", "escape", "As it was", "Leave the question that is edited as it was", Where.QUESTION),
)
