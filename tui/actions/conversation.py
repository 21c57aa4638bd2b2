"""Actions of the conversation."""

from __future__ import annotations

from tui.actions.action import Action, Where

ACTIONS: tuple[Action, ...] = (
    Action(
        "cursor_down",
        "down,j",
        "Next sentence",
        "Next turn; in the newest answer the next sentence, which lights what it names",
        Where.CONVERSATION,
        shown_as="↓  j",
        id="conversation_cursor_down",
    ),
    Action(
        "cursor_up",
        "up,k",
        "Sentence before",
        "The sentence or turn before",
        Where.CONVERSATION,
        shown_as="↑  k",
        id="conversation_cursor_up",
    ),
    Action("first", "home,g", "First", "First turn", Where.CONVERSATION, shown_as="Home  g", id="conversation_first"),
    Action("last", "end,G", "Last", "Last turn", Where.CONVERSATION, shown_as="End  G", id="conversation_last"),
    Action(
        "page_down",
        "pagedown,ctrl+d",
        "Page down",
        "A page down",
        Where.CONVERSATION,
        shown_as="PgDn  ^D",
        id="conversation_page_down",
    ),
    Action(
        "page_up", "pageup,ctrl+u", "Page up", "A page up", Where.CONVERSATION, shown_as="PgUp  ^U", id="conversation_page_up"
    ),
    Action(
        "edit_question",
        "e",
        "Edit",
        "Change this question and ask it in its place; what follows it is kept on a branch",
        Where.CONVERSATION,
        footer=True,
        goes=True,
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
        id="alternative_before",
    ),
    Action(
        "alternative(1)",
        "right,l",
        "After",
        "The alternative after it",
        Where.CONVERSATION,
        shown_as="→  l",
        id="next_alternative",
    ),
    Action("fold", "enter,space", "Unfold", "Unfold what was reasoned before this answer, or fold it", Where.CONVERSATION),
    Action("show_words", "w", "Raw answer", "The model's own words, or the tidied reply", Where.CONVERSATION),
    Action("copy_answer", "y", "Copy", "Copy the answer's text to the terminal's clipboard", Where.CONVERSATION),
    Action("search_turns", "slash", "Find", "Find a turn, on any branch", Where.CONVERSATION, shown_as="/", goes=True),
    Action(
        "copy_json",
        "Y",
        "Copy JSON",
        "Copy the answer as JSON, as exports write it",
        Where.CONVERSATION,
        id="conversation_copy_json",
    ),
)
