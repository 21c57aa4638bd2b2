"""Actions of the list of sessions."""

from __future__ import annotations

from tui.actions.action import Action, Where

ACTIONS: tuple[Action, ...] = (
    Action("open_session", "enter,l", "Open", "Go on with the session", Where.SESSIONS, footer=True, goes=True),
    Action("rename_session", "r", "Rename", "Give the session a name", Where.SESSIONS, footer=True, goes=True),
    Action("export_session", "e", "Export", "Save the session as JSON in this folder", Where.SESSIONS, footer=True),
    Action("delete_session", "d,delete", "Delete", "Delete the session; u brings it back", Where.SESSIONS, footer=True),
    Action("undo_delete", "u", "Undo", "Bring back the session that was just deleted", Where.SESSIONS, footer=True),
    Action("new_session", "n", "New", "Begin a session", Where.SESSIONS, footer=True, goes=True),
    Action(
        "filter",
        "slash",
        "Find",
        "Show only sessions that hold what you type",
        Where.SESSIONS,
        footer=True,
        id="sessions_filter",
        goes=True,
    ),
    Action(
        "back",
        "escape,f10,ctrl+n",
        "Back",
        "Out of the line that is typed into, or back to the session that is open",
        Where.SESSIONS,
        shown_as="Esc  F10",
        goes=True,
        id="sessions_back",
    ),
    Action("cursor_down", "down,j", "Down", "Next session", Where.SESSIONS, shown_as="↓  j", id="sessions_cursor_down"),
    Action("cursor_up", "up,k", "Up", "Previous session", Where.SESSIONS, shown_as="↑  k", id="sessions_cursor_up"),
    Action("first", "home,g", "First", "First session", Where.SESSIONS, shown_as="Home  g", id="sessions_first"),
    Action("last", "end,G", "Last", "Last session", Where.SESSIONS, shown_as="End  G", id="sessions_last"),
    Action(
        "page_down", "pagedown,ctrl+d", "Page down", "A page down", Where.SESSIONS, shown_as="PgDn  ^D", id="sessions_page_down"
    ),
    Action("page_up", "pageup,ctrl+u", "Page up", "A page up", Where.SESSIONS, shown_as="PgUp  ^U", id="sessions_page_up"),
)
