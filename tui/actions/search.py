"""Actions of the search in earlier questions."""

from __future__ import annotations

from tui.actions.action import Action, Where

ACTIONS: tuple[Action, ...] = (
    Action("down", "down", "Next", "The next of what was found", Where.SEARCH, shown_as="↓"),
    Action("up", "up", "Before", "The one before", Where.SEARCH, shown_as="↑"),
    Action("choose", "enter", "Choose", "Take it", Where.SEARCH, id="search_choose", goes=True),
    Action("page_down", "pagedown", "Page down", "A page down", Where.SEARCH, id="search_page_down"),
    Action("page_up", "pageup", "Page up", "A page up", Where.SEARCH, id="search_page_up"),
    Action(
        "type",
        "slash",
        "Type",
        "From the list back to the line",
        Where.SEARCH,
        shown_as="/",
        id="search_type",
    ),
    Action("leave", "escape", "Back", "Back, with nothing chosen", Where.SEARCH, id="search_leave", goes=True),
)
