"""Text as roff, the language of manual pages (groff_man(7)): what is written here is shown as it is, whatever is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator


def escaped(text: str) -> str:
    """Text that roff shows as it stands: backslashes, hyphens that can be copied, no line taken for a request."""
    safe = text.replace("\\", "\\e").replace("-", "\\-")
    safe = "".join(char if char.isascii() else f"\\[u{ord(char):04X}]" for char in safe)  # whatever encoding roff takes it for
    return "\n".join(f"\\&{line}" if line.startswith((".", "'")) else line for line in safe.split("\n"))


def bold(text: str) -> str:
    return f"\\fB{escaped(text)}\\fR"


def italic(text: str) -> str:
    return f"\\fI{escaped(text)}\\fR"


def paragraphs(text: str) -> Iterator[str]:
    """A docstring as click reads it: blank lines part paragraphs, and `\\b` keeps the lines of one as they are."""
    for part in re.split(r"\n\s*\n", text.strip()):
        if part.startswith("\b\n"):
            yield f".nf\n{escaped(part[2:])}\n.fi"
        else:
            yield escaped(" ".join(part.split()))
