"""The one registry of actions: bindings, footer, help and command palette are all made from it.

An action names the method `action_<name>` of the widget or screen in whose `Where` it lives. What is not listed here
cannot be done by key, and what is listed is in the help.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from textual.binding import Binding, BindingType

from tui.presets import shipped


class Where(Enum):
    """Which part of the app has to have the focus; the value is the heading in the help."""

    ANYWHERE = "Anywhere"
    PICTURE = "Picture"
    VIEW = "Picture view"
    FILES = "Files"
    QUESTION = "Question line"
    FINDINGS = "Findings"
    CONVERSATION = "Conversation"
    SEARCH = "Search"
    FIRST = "First screen"
    SESSIONS = "Sessions"


@dataclass(frozen=True, slots=True)
class Action:
    """Something the user can do."""

    name: str
    """Of its method, with arguments where it takes any, as Textual writes them: `ask_preset('everything')`."""
    keys: str
    """Comma-separated, in Textual's spelling; the first is the one that footer and help show."""
    label: str
    """Two words at most, for the footer and the palette."""
    help: str
    where: Where = Where.ANYWHERE
    footer: bool = False
    palette: bool = False
    shown_as: str = ""
    """The keys as the help writes them, where they differ from the first of `keys`."""
    first: bool = False
    """The binding must win over the focused widget's own."""


ACTIONS: tuple[Action, ...] = (
    Action("help", "f1,question_mark", "Help", "Show this page", footer=True, palette=True, shown_as="F1  ?"),
    Action(
        "stop",
        "escape",
        "Stop",
        "Stop the answer, or go back to the files",
        Where.PICTURE,
        footer=True,
        palette=True,
    ),
    Action(
        "save_overlay",
        "ctrl+s",
        "Save",
        "Save the picture with its boxes as a PNG beside it",
        Where.PICTURE,
        footer=True,
        palette=True,
    ),
    Action(
        "new_conversation",
        "ctrl+l",
        "New",
        "Forget this picture's conversation",
        Where.PICTURE,
        footer=True,
        palette=True,
        first=True,
    ),
    Action(
        "search_history",
        "ctrl+r",
        "History",
        "Find an earlier question, of any picture and any day",
        Where.PICTURE,
        palette=True,
    ),
    Action(
        "show_thoughts",
        "ctrl+o",
        "Thoughts",
        "Unfold what a model reasoned before it answered, or fold it",
        Where.PICTURE,
        footer=True,
        palette=True,
    ),
    Action(
        "show_evidence",
        "ctrl+g",
        "Evidence",
        "All that backs an answer, or only what speaks against it",
        Where.PICTURE,
        footer=True,
        palette=True,
    ),
    Action(
        "switch_second_looks",
        "f8",
        "Second looks",
        "Look and ask a second time from now on, or answer sooner",
        Where.PICTURE,
        palette=True,
    ),
    Action(
        "read_text",
        "f9",
        "Read text",
        "Read the text in the picture; answers are held against it from then on",
        Where.PICTURE,
        palette=True,
    ),
    *(
        Action(f"ask_preset({preset.name!r})", preset.keys, preset.label, preset.help, Where.PICTURE, footer=True, palette=True)
        for preset in shipped()
    ),
    Action(
        "switch_view",
        "f3",
        "From above",
        "The picture, or its 3D boxes seen from above",
        Where.PICTURE,
        footer=True,
        palette=True,
    ),
    Action(
        "film_step(-1)",
        "f4",
        "Back",
        "A second back in the film",
        Where.PICTURE,
        footer=True,
    ),
    Action("film_step(1)", "f5", "On", "A second on in the film", Where.PICTURE, footer=True),
    Action("frame_step(1)", "full_stop", "Frame on", "To the film's next frame", Where.PICTURE, palette=True, shown_as="."),
    Action("frame_step(-1)", "comma", "Frame back", "To the frame before", Where.PICTURE, palette=True, shown_as=","),
    Action("film_edge(False)", "home", "Film's start", "To the film's first frame", Where.PICTURE, shown_as="Home"),
    Action("film_edge(True)", "end", "Film's end", "To the film's last frame", Where.PICTURE, shown_as="End"),
    Action(
        "part_begins",
        "left_curly_bracket",
        "From here",
        "Ask about the film from this frame on",
        Where.PICTURE,
        palette=True,
        shown_as="{",
    ),
    Action(
        "part_ends",
        "right_curly_bracket",
        "To here",
        "Ask about the film up to this frame",
        Where.PICTURE,
        palette=True,
        shown_as="}",
    ),
    Action("frames", "t", "Frames", "Choose which frames of the film questions are about", Where.PICTURE, palette=True),
    Action(
        "next_moment",
        "f6",
        "Moment",
        "To the next moment that the answer names",
        Where.PICTURE,
        footer=True,
        palette=True,
    ),
    Action(
        "switch_depth",
        "f7",
        "Depth",
        "The picture, or its depth as a network sees it",
        Where.PICTURE,
        palette=True,
    ),
    Action("follow", "f", "Follow", "Follow things through the film", Where.PICTURE, footer=True, palette=True),
    Action("stereo", "s", "Stereo", "Measure depth from the two marked pictures", Where.PICTURE, footer=True, palette=True),
    Action(
        "compare", "d", "Differences", "What changed between the two marked pictures", Where.PICTURE, footer=True, palette=True
    ),
    Action(
        "turn_by(1)",
        "right_square_bracket",
        "Next tab",
        "The picture in the next way to look at it",
        Where.PICTURE,
        palette=True,
        shown_as="]",
    ),
    Action("turn_by(-1)", "left_square_bracket", "Tab before", "… and in the one before", Where.PICTURE, shown_as="["),
    *(Action(f"turn({n})", f"{n}", f"Tab {n}", f"The picture's tab {n}", Where.PICTURE) for n in range(1, 9)),
    Action(
        "picture_by(1)",
        "greater_than_sign",
        "Next marked",
        "To the next of the marked pictures",
        Where.PICTURE,
        palette=True,
        shown_as=">",
    ),
    Action("picture_by(-1)", "less_than_sign", "Marked before", "To the marked picture before", Where.PICTURE, shown_as="<"),
    Action("switch_theme", "ctrl+t", "Light/dark", "Switch between the dark and the light theme", palette=True, first=True),
    Action("sessions", "f10,ctrl+n", "Sessions", "List the sessions, go to another one or begin one", palette=True, first=True),
    Action("suspend_process", "ctrl+z", "Suspend", "Back to the shell for a while; fg comes back", first=True),
    Action("command_palette", "ctrl+p", "Commands", "Find a command by its name"),
    Action("quit", "ctrl+q", "Leave", "Leave sightline", footer=True, palette=True, first=True),
    Action("app.focus_next", "tab", "Next pane", "Go to the next pane; Shift+Tab goes back", shown_as="Tab"),
    Action("cursor_down", "down,j", "Down", "Next file; the picture follows", Where.FILES, shown_as="↓  j"),
    Action("cursor_up", "up,k", "Up", "Previous file", Where.FILES, shown_as="↑  k"),
    Action("first", "home,g", "First", "First file", Where.FILES, shown_as="Home  g"),
    Action("last", "end,G", "Last", "Last file", Where.FILES, shown_as="End  G"),
    Action("page_down", "pagedown,ctrl+d", "Page down", "A page down", Where.FILES, shown_as="PgDn  ^D"),
    Action("page_up", "pageup,ctrl+u", "Page up", "A page up", Where.FILES, shown_as="PgUp  ^U"),
    Action(
        "choose",
        "enter,l,right",
        "Open",
        "Enter the folder, or ask about the picture",
        Where.FILES,
        footer=True,
        shown_as="Enter  l",
    ),
    Action("mark", "space,m", "Mark", "Ask about this picture with others, or no more", Where.FILES, shown_as="Space  m"),
    Action("mark_earlier", "K,shift+up", "Earlier", "Show the marked picture to the model earlier", Where.FILES, shown_as="K"),
    Action("mark_later", "J,shift+down", "Later", "Show the marked picture to the model later", Where.FILES, shown_as="J"),
    Action("mark_none", "u", "Unmark", "Mark no picture: ask about the one under the cursor", Where.FILES),
    Action("leave", "h,left,backspace", "Back", "To the folder above", Where.FILES, shown_as="←  h"),
    Action("ask_about", "a,i", "Ask", "Go to the question line", Where.FILES, palette=True),
    Action("filter", "slash", "Filter", "Show only names that contain what you type", Where.FILES, footer=True, shown_as="/"),
    Action("refresh_folder", "r", "Reload", "Read the folder and the picture again", Where.FILES),
    Action(
        "zoom(1)", "plus,equals_sign", "Closer", "Enlarge the picture, towards the selected finding", Where.VIEW, footer=True
    ),
    Action("zoom(-1)", "minus", "Farther", "See more of the picture", Where.VIEW, footer=True),
    Action("zoom_whole", "0", "Whole", "See the whole picture", Where.VIEW, footer=True),
    Action("pan(-1,0)", "left,h", "Left", "Move the enlarged picture: more of its left side", Where.VIEW, shown_as="←  h"),
    Action("pan(0,1)", "down,j", "Down", "More of what is below", Where.VIEW, shown_as="↓  j"),
    Action("pan(0,-1)", "up,k", "Up", "More of what is above", Where.VIEW, shown_as="↑  k"),
    Action("pan(1,0)", "right,l", "Right", "More of its right side", Where.VIEW, shown_as="→  l"),
    Action(
        "ask_about_part",
        "v",
        "Ask of this",
        "Ask about the part that is in view, or about the whole picture again",
        Where.VIEW,
        footer=True,
    ),
    Action("submit", "enter", "Ask", "Ask about the picture that is shown", Where.QUESTION),
    Action("earlier", "up", "Earlier", "Bring back an earlier question", Where.QUESTION, shown_as="↑"),
    Action("later", "down", "Later", "The next later one", Where.QUESTION, shown_as="↓"),
    Action("leave_edit", "escape", "As it was", "Leave the question that is edited as it was", Where.QUESTION),
    Action(
        "cursor_down", "down,j", "Next finding", "Light up the next finding in the picture", Where.FINDINGS, shown_as="↓  j"
    ),
    Action("cursor_up", "up,k", "Previous finding", "Light up the previous finding", Where.FINDINGS, shown_as="↑  k"),
    Action(
        "cursor_down",
        "down,j",
        "Next sentence",
        "Next turn; in the newest answer the next sentence, which lights what it names",
        Where.CONVERSATION,
        shown_as="↓  j",
    ),
    Action("cursor_up", "up,k", "Sentence before", "The sentence or turn before", Where.CONVERSATION, shown_as="↑  k"),
    Action("first", "home,g", "First", "First turn", Where.CONVERSATION, shown_as="Home  g"),
    Action("last", "end,G", "Last", "Last turn", Where.CONVERSATION, shown_as="End  G"),
    Action(
        "edit_question",
        "e",
        "Edit",
        "Change this question and ask it in its place; what follows it is kept on a branch",
        Where.CONVERSATION,
        footer=True,
    ),
    Action("ask_again", "r", "Ask again", "Ask this question once more", Where.CONVERSATION, footer=True),
    Action("go_on", "c", "Continue", "Have an answer that was cut off or stopped go on", Where.CONVERSATION, footer=True),
    Action("branch", "b", "Branch", "Have the next question follow this answer, or no more", Where.CONVERSATION, footer=True),
    Action(
        "alternative(-1)",
        "left,h",
        "Before",
        "The alternative before, of a turn that has several",
        Where.CONVERSATION,
        shown_as="←  h",
    ),
    Action("alternative(1)", "right,l", "After", "The alternative after it", Where.CONVERSATION, shown_as="→  l"),
    Action("fold", "enter,space", "Unfold", "Unfold what was reasoned before this answer, or fold it", Where.CONVERSATION),
    Action("show_words", "w", "Raw answer", "The model's own words, or the tidied reply", Where.CONVERSATION),
    Action("search_turns", "slash", "Find", "Find a turn, on any branch", Where.CONVERSATION, shown_as="/"),
    Action("down", "down", "Next", "The next of what was found", Where.SEARCH, shown_as="↓"),
    Action("up", "up", "Before", "The one before", Where.SEARCH, shown_as="↑"),
    Action("choose", "enter", "Choose", "Take it", Where.SEARCH),
    Action("leave", "escape", "Back", "Back, with nothing chosen", Where.SEARCH),
    Action("stop_pull", "escape", "Stop", "Stop the download; what has arrived is kept", Where.FIRST, footer=True),
    Action("open_session", "enter,l", "Open", "Go on with the session", Where.SESSIONS, footer=True),
    Action("rename_session", "r", "Rename", "Give the session a name", Where.SESSIONS, footer=True),
    Action("export_session", "e", "Export", "Save the session as JSON in this folder", Where.SESSIONS, footer=True),
    Action("delete_session", "d,delete", "Delete", "Delete the session; u brings it back", Where.SESSIONS, footer=True),
    Action("undo_delete", "u", "Undo", "Bring back the session that was just deleted", Where.SESSIONS, footer=True),
    Action("new_session", "n", "New", "Begin a session", Where.SESSIONS, footer=True),
    Action("filter", "slash", "Find", "Show only sessions that hold what you type", Where.SESSIONS, footer=True),
    Action("cursor_down", "down,j", "Down", "Next session", Where.SESSIONS, shown_as="↓  j"),
    Action("cursor_up", "up,k", "Up", "Previous session", Where.SESSIONS, shown_as="↑  k"),
    Action("first", "home,g", "First", "First session", Where.SESSIONS, shown_as="Home  g"),
    Action("last", "end,G", "Last", "Last session", Where.SESSIONS, shown_as="End  G"),
    Action("page_down", "pagedown,ctrl+d", "Page down", "A page down", Where.SESSIONS, shown_as="PgDn  ^D"),
    Action("page_up", "pageup,ctrl+u", "Page up", "A page up", Where.SESSIONS, shown_as="PgUp  ^U"),
)


_ARROWS = str.maketrans({"↓": "Down", "↑": "Up", "←": "Left", "→": "Right"})


def bindings(where: Where) -> list[BindingType]:
    """Textual's bindings for one part of the app. Tab and the palette are Textual's own and only documented here."""
    return [
        Binding(
            action.keys,
            action.name,
            action.label,
            show=action.footer,
            key_display=spelled(action.keys.split(",")[0]),
            priority=action.first,
            tooltip=action.help,
        )
        for action in ACTIONS
        if action.where is where and not action.name.startswith(("app.", "command_palette"))
    ]


def shown_keys(action: Action, *, unicode: bool = True) -> str:
    """How a reader writes the keys of an action."""
    keys = action.shown_as or spelled(action.keys.split(",")[0])
    return keys if unicode else keys.translate(_ARROWS)


def spelled(key: str) -> str:
    """A key of Textual's in the words of a keyboard."""
    if key.startswith("ctrl+"):
        return f"^{key.removeprefix('ctrl+').upper()}"
    return {"escape": "Esc", "enter": "Enter", "slash": "/", "question_mark": "?", "plus": "+", "minus": "-"}.get(
        key, key.upper() if re.fullmatch(r"f\d+", key) else key
    )
