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
    Action("scroll_top", "g,home", "First", "First finding", Where.FINDINGS, shown_as="Home  g", id="findings_first"),
    Action("scroll_bottom", "G,end", "Last", "Last finding", Where.FINDINGS, shown_as="End  G", id="findings_last"),
    Action(
        "page_down", "pagedown,ctrl+d", "Page down", "A page down", Where.FINDINGS, shown_as="PgDn  ^D", id="findings_page_down"
    ),
    Action("page_up", "pageup,ctrl+u", "Page up", "A page up", Where.FINDINGS, shown_as="PgUp  ^U", id="findings_page_up"),
    Action("copy_row", "y", "Copy", "Copy the row to the terminal's clipboard", Where.FINDINGS, footer=True),
    Action(
        "copy_json",
        "Y",
        "Copy JSON",
        "Copy the answer as JSON, as exports write it",
        Where.FINDINGS,
        id="findings_copy_json",
    ),
)
