"""Actions of every list of choices: the models of the first screen, what was found, the choices of a dialog."""

from __future__ import annotations

from tui.actions.action import Action, Where

ACTIONS: tuple[Action, ...] = (
    Action("cursor_down", "down,j", "Down", "Next of the list", Where.LIST, shown_as="↓  j", id="list_cursor_down"),
    Action("cursor_up", "up,k", "Up", "The one before", Where.LIST, shown_as="↑  k", id="list_cursor_up"),
    Action("first", "home,g", "First", "First of the list", Where.LIST, shown_as="Home  g", id="list_first"),
    Action("last", "end,G", "Last", "Last of the list", Where.LIST, shown_as="End  G", id="list_last"),
    Action("page_down", "pagedown,ctrl+d", "Page down", "A page down", Where.LIST, shown_as="PgDn  ^D", id="list_page_down"),
    Action("page_up", "pageup,ctrl+u", "Page up", "A page up", Where.LIST, shown_as="PgUp  ^U", id="list_page_up"),
    Action(
        "select", "enter,l", "Take", "Take what the cursor is on", Where.LIST, shown_as="Enter  l", goes=True, id="list_take"
    ),
)
