"""What can be searched: the questions of earlier days from the journal, and the turns of a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from backend.memory.journal import Journal, JournalUnavailable
from tui import prose

if TYPE_CHECKING:
    from tui.conversation import Conversation
    from tui.screens.search import Row

MOST = 10_000
"""Earlier questions within reach of the search."""


def asked_before(journal: Journal | None, now: Sequence[str]) -> tuple[list[Row], str]:
    """The different questions of the journal, newest first, and why there are none. `now`: those of this run, which are all
    there is where nothing is kept. Reads a file: call it in a thread."""
    from tui.screens.search import Row

    if journal is None:
        return [Row(question, "", question) for question in now], ""
    try:
        earlier = journal.earlier(MOST)
    except JournalUnavailable as error:
        return [], error.message
    rows = []
    for one in earlier:
        names = ", ".join(PurePath(path).name for path in one.pictures)
        rows.append(Row(one.question, f"{names} {one.when.astimezone():%Y-%m-%d %H:%M}".strip(), one.question))
    return rows, ""


def turns_of(conversation: Conversation) -> list[Row]:
    """Every turn of a conversation, on whichever branch, the newest first; each gives its id."""
    from tui.screens.search import Row

    return [Row(one.question, prose.spoken(one.text), one.id) for one in reversed(conversation.asked)]
