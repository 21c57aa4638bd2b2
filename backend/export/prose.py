"""A model's words as HTML: its Markdown laid out, and nothing in it that a browser would act on.

Tags and entities stay the characters that they are, and nothing becomes a link or a picture: a report says what was said, and
leads nowhere.
"""

from __future__ import annotations

import html
from functools import cache
from typing import TYPE_CHECKING

from backend.sanitise import lines

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_LONGEST = 20_000
"""Characters that are parsed; longer texts, and those that are written to be slow, are shown as they were written."""
_LEADS = ("link", "image", "autolink", "reference", "html_inline", "html_block", "entity")
"""Rules of the parser that make something else than text of text."""


def is_data(text: str) -> bool:
    """Whether an answer is only coordinates, which a table tells better."""
    return text.lstrip().startswith(("[", "{", "```json"))


def as_html(text: str) -> str:
    """HTML that may stand in a page as it is: paragraphs, emphasis, lists, tables, code."""
    safe = lines(text)
    if len(safe) > _LONGEST:
        return f"<p>{html.escape(safe)}</p>"
    return str(_parser().render(safe))


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 12}).enable("table").disable(_LEADS)
