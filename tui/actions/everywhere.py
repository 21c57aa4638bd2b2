"""Actions that work wherever the keys go, unless a line is typed into."""

from __future__ import annotations

from tui.actions.action import Action

ACTIONS: tuple[Action, ...] = (
    Action("help", "f1,question_mark", "Help", "Show this page", footer=True, palette=True, shown_as="F1  ?", goes=True),
    Action("switch_theme", "ctrl+t", "Theme", "The next theme: dark, light, high contrast", palette=True, first=True),
    Action("switch_language", "", "Language", "The next language: English, 中文"),
    Action(
        "sessions",
        "f10,ctrl+n",
        "Sessions",
        "List the sessions, go to another one or begin one",
        palette=True,
        first=True,
        goes=True,
    ),
    Action("suspend_process", "ctrl+z", "Suspend", "Back to the shell for a while; fg comes back", first=True),
    Action("command_palette", "ctrl+p", "Commands", "Find a command by its name", goes=True),
    Action("quit", "ctrl+q", "Leave", "Leave sightline", footer=True, palette=True, first=True),
    Action(
        "app.focus_next",
        "tab",
        "Next pane",
        "Go to the next pane; Shift+Tab goes back",
        shown_as="Tab",
        id="next_pane",
        goes=True,
    ),
)
