"""A model's words as HTML: its Markdown laid out, and nothing in it that a browser would act on.

Tags and entities stay the characters that they are, and nothing becomes a link or a picture: a report says what was said, and
leads nowhere.
"""

from __future__ import annotations

import html
import re
from functools import cache
from typing import TYPE_CHECKING

from backend.sanitise import lines, one_line

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_LONGEST = 20_000
"""Characters that are parsed; longer texts, and those that are written to be slow, are shown as they were written."""
_LEADS = ("link", "image", "autolink", "reference", "html_inline", "html_block", "entity")
"""Rules of the parser that make something else than text of text."""

_ACTS = re.compile(r"[\\`*_\[\]<>|~&$@]|:(?=/)|(?<=www)\.", re.IGNORECASE)
"""What acts wherever it stands: emphasis, code, links (also of bare addresses), tables, tags, entities, formulas."""
_BEGINS = re.compile(r"\A(\d*)([-+#=.):])")
"""What acts at the beginning of a line: headings, lists, rules."""


def is_data(text: str) -> bool:
    """Whether an answer is only coordinates, which a table tells better."""
    return text.lstrip().startswith(("[", "{", "```json"))


def as_html(text: str) -> str:
    """HTML that may stand in a page as it is: paragraphs, emphasis, lists, tables, code."""
    safe = lines(text)
    if len(safe) > _LONGEST:
        return f"<p>{html.escape(safe)}</p>"
    return str(_parser().render(safe))


def as_markdown(text: str) -> str:
    """Text on one line that Markdown takes for nothing but text, GitHub's as well; as few backslashes as that takes."""
    return _BEGINS.sub(r"\1\\\2", _ACTS.sub(r"\\\g<0>", one_line(text).strip()))


def quoted_in_markdown(text: str) -> str:
    """A model's words, each line quoted."""
    return "\n".join(f"> {as_markdown(line)}  " if line.strip() else ">" for line in lines(text).split("\n"))


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 12}).enable("table").disable(_LEADS)
