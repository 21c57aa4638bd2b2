"""Actions of the picture view while it has the focus: enlarge, move, ask about what is visible."""

from __future__ import annotations

from tui.actions.action import Action, Where

ACTIONS: tuple[Action, ...] = (
    Action(
        "zoom(1)",
        "plus,equals_sign",
        "Closer",
        "Enlarge the picture, towards the selected finding",
        Where.VIEW,
        footer=True,
        id="zoom_in",
    ),
    Action("zoom(-1)", "minus", "Farther", "See more of the picture", Where.VIEW, footer=True, id="zoom_out"),
    Action("zoom_whole", "0", "Whole", "See the whole picture", Where.VIEW, footer=True),
    Action(
        "pan(-1,0)",
        "left,h",
        "Left",
        "Move the enlarged picture: more of its left side",
        Where.VIEW,
        shown_as="←  h",
        id="pan_left",
    ),
    Action("pan(0,1)", "down,j", "Down", "More of what is below", Where.VIEW, shown_as="↓  j", id="pan_down"),
    Action("pan(0,-1)", "up,k", "Up", "More of what is above", Where.VIEW, shown_as="↑  k", id="pan_up"),
    Action("pan(1,0)", "right,l", "Right", "More of its right side", Where.VIEW, shown_as="→  l", id="pan_right"),
    Action(
        "ask_about_part",
        "v",
        "Ask of this",
        "Ask about the part that is in view, or about the whole picture again",
        Where.VIEW,
        footer=True,
    ),
    Action("copy_findings", "y", "Copy", "Copy what stands out, or else all findings in view", Where.VIEW, footer=True),
    Action(
        "copy_json",
        "Y",
        "Copy JSON",
        "Copy the last answer as JSON, as exports write it",
        Where.VIEW,
        id="view_copy_json",
    ),
)
