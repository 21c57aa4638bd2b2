"""Actions of the file list."""

from __future__ import annotations

from tui.actions.action import Action, Where

ACTIONS: tuple[Action, ...] = (
    Action(
        "cursor_down", "down,j", "Down", "Next file; the picture follows", Where.FILES, shown_as="↓  j", id="files_cursor_down"
    ),
    Action("cursor_up", "up,k", "Up", "Previous file", Where.FILES, shown_as="↑  k", id="files_cursor_up"),
    Action("first", "home,g", "First", "First file", Where.FILES, shown_as="Home  g", id="files_first"),
    Action("last", "end,G", "Last", "Last file", Where.FILES, shown_as="End  G", id="files_last"),
    Action("page_down", "pagedown,ctrl+d", "Page down", "A page down", Where.FILES, shown_as="PgDn  ^D", id="files_page_down"),
    Action("page_up", "pageup,ctrl+u", "Page up", "A page up", Where.FILES, shown_as="PgUp  ^U", id="files_page_up"),
    Action(
        "choose",
        "enter,l,right",
        "Open",
        "Enter the folder, or ask about the picture",
        Where.FILES,
        footer=True,
        shown_as="Enter  l",
        id="files_choose",
        goes=True,
    ),
    Action("mark", "space,m", "Mark", "Ask about this picture with others, or no more", Where.FILES, shown_as="Space  m"),
    Action("mark_earlier", "K,shift+up", "Earlier", "Show the marked picture to the model earlier", Where.FILES, shown_as="K"),
    Action("mark_later", "J,shift+down", "Later", "Show the marked picture to the model later", Where.FILES, shown_as="J"),
    Action("mark_none", "u", "Unmark", "Mark no picture: ask about the one under the cursor", Where.FILES),
    Action("leave", "h,left,backspace", "Back", "To the folder above", Where.FILES, shown_as="←  h", id="files_leave"),
    Action("ask_about", "a,i", "Ask", "Go to the question line", Where.FILES, palette=True, goes=True),
    Action(
        "filter",
        "slash",
        "Filter",
        "Show only names that contain what you type",
        Where.FILES,
        footer=True,
        shown_as="/",
        id="files_filter",
        goes=True,
    ),
    Action("refresh_folder", "r", "Reload", "Read the folder and the picture again", Where.FILES),
    Action("copy_path", "y", "Copy path", "Copy the file's path to the terminal's clipboard", Where.FILES),
)
