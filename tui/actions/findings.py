"""Actions of the table of findings."""

from __future__ import annotations

from tui.actions.action import Action, Where

ACTIONS: tuple[Action, ...] = (
    Action(
        "cursor_down",
        "down,j",
        "Next finding",
        "Light up the next finding in the picture",
        Where.FINDINGS,
        shown_as="↓  j",
        id="findings_cursor_down",
    ),
    Action(
        "cursor_up",
        "up,k",
        "Previous finding",
        "Light up the previous finding",
        Where.FINDINGS,
        shown_as="↑  k",
        id="findings_cursor_up",
    ),
)
