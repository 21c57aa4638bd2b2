"""What an action is, and the parts of the app that actions belong to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from backend.language import N_


class Where(Enum):
    """Which part of the app has to have the focus; the value is the heading in the help, translated where it is shown."""

    ANYWHERE = N_("Anywhere")
    PICTURE = N_("Picture")
    VIEW = N_("Picture view")
    FILES = N_("Files")
    QUESTION = N_("Question line")
    FINDINGS = N_("Findings")
    CONVERSATION = N_("Conversation")
    SEARCH = N_("Search")
    FIRST = N_("First screen")
    SESSIONS = N_("Sessions")
    LIST = N_("Lists")
    EXPORT = N_("Export")
    ADD_FILES = N_("Model files")
    ONE_LINE = N_("A line to fill in")


ABOUT = {
    Where.ANYWHERE: N_("Works in every part of the app, unless a line is typed into."),
    Where.PICTURE: N_("About the picture that is shown and its answers, whatever part has the focus."),
    Where.VIEW: N_("The picture itself, once Tab has gone there: enlarge it, move it, ask about what is visible."),
    Where.FILES: N_("Folders, pictures and films; what the cursor rests on is shown."),
    Where.QUESTION: N_("Type a question about the picture and press Enter."),
    Where.FINDINGS: N_("What was found and claimed; the row under the cursor lights up in the picture."),
    Where.CONVERSATION: N_("Questions and answers about this picture, the newest at the bottom."),
    Where.SEARCH: N_("Questions of earlier days, narrowed by what is typed."),
    Where.FIRST: N_("Choose what answers: the demo, a download, or files that are here."),
    Where.SESSIONS: N_("What was worked on before, each as it was left."),
    Where.LIST: N_("Choices of the first screen, of a search and of dialogs, while the keys go there."),
    Where.EXPORT: N_("What is exported, as what, and where to; Tab goes from one to the next."),
    Where.ADD_FILES: N_("Two GGUF files that are on this disk, and a name for them; nothing is copied."),
    Where.ONE_LINE: N_("One line says what is wanted: what to follow, what to look for, a distance, frames."),
}
"""One sentence about each part, for the help."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something the user can do."""

    name: str
    """Of its method, with arguments where it takes any, as Textual writes them: `ask_preset('everything')`."""
    keys: str
    """Comma-separated, in Textual's spelling; the first is the one that footer and help show."""
    label: str
    """Two words at most, for the footer and the palette; English, translated where it is shown."""
    help: str
    where: Where = Where.ANYWHERE
    footer: bool = False
    palette: bool = False
    shown_as: str = ""
    """The keys as the help writes them, where they differ from the first of `keys`."""
    first: bool = False
    """The binding must win over the focused widget's own."""
    goes: bool = False
    """It may take the focus elsewhere: what is typed behind it belongs to where it goes (`tui.type_ahead`)."""
    id: str = ""
    """What config.toml calls it, where that is not the method's name; see `known_as`."""

    @property
    def known_as(self) -> str:
        """Its name in config.toml's `[keys]`, and the id of its binding: no two actions share one."""
        return self.id or self.name
