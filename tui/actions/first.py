"""Actions of the first screen."""

from __future__ import annotations

from tui.actions.action import Action, Where

ACTIONS: tuple[Action, ...] = (
    Action("stop_pull", "escape", "Stop", "Stop the download; what has arrived is kept", Where.FIRST, footer=True),
)
