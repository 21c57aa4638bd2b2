"""Actions of the dialogs that lines are typed into."""

from __future__ import annotations

from tui.actions.action import Action, Where

ACTIONS: tuple[Action, ...] = (
    Action(
        "write",
        "enter,ctrl+s",
        "Write",
        "Write the file, from the line with its path; Ctrl+S from anywhere",
        Where.EXPORT,
        shown_as="Enter  ^S",
        goes=True,
        id="export_write",
    ),
    Action("leave", "escape", "Back", "Back, with nothing written", Where.EXPORT, goes=True, id="export_leave"),
    Action(
        "accept",
        "enter",
        "Use",
        "To the next line that is empty; where none is, check both files and use them",
        Where.ADD_FILES,
        goes=True,
        id="files_accept",
    ),
    Action("leave", "escape", "Back", "Back to the models, with nothing added", Where.ADD_FILES, goes=True, id="files_give_up"),
    Action("accept", "enter", "Start", "Take what is typed, and start", Where.ONE_LINE, goes=True, id="line_accept"),
    Action("leave", "escape", "Back", "Back, with nothing started", Where.ONE_LINE, goes=True, id="line_leave"),
)
