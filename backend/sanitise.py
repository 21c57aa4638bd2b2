"""Text from outside (file names, model output, labels, EXIF) made safe to show.

Escape sequences, control characters and bidirectional overrides are *shown* as escapes rather than removed: a reader
must be able to tell two files apart whose names differ only in what a terminal would swallow. Markup is never parsed
anywhere (widgets take `rich.text.Text`), so brackets need no escaping here.
"""

from __future__ import annotations

import os
import re
import unicodedata
from functools import lru_cache

_NOT_PRINTABLE_ASCII = re.compile(r"[^ -~]")
_NOR_A_LINE_BREAK_OR_TAB = re.compile(r"[^ -~\n\t]")
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINERS = {"\u200c", "\u200d"}
"""Zero-width (non-)joiners change how scripts and emoji are drawn, not where text goes."""


@lru_cache(maxsize=4096)
def _shown(char: str) -> str:
    if char in _JOINERS or unicodedata.category(char) not in _HIDDEN:
        return char
    short = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\x1b": "\\e"}.get(char)
    if short:
        return short
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _escaped(found: re.Match[str]) -> str:
    return _shown(found[0])


def one_line(text: str, limit: int | None = None) -> str:
    """`text` on one line without anything a terminal would act on; with `limit`, cut to that many characters by an ellipsis."""
    clean = _NOT_PRINTABLE_ASCII.sub(_escaped, text)
    if limit is not None and len(clean) > limit:
        return clean[: max(0, limit - 1)] + "…"
    return clean


def lines(text: str) -> str:
    """`text` with its line breaks and tabs kept and everything else that a terminal would act on shown as escapes."""
    return _NOR_A_LINE_BREAK_OR_TAB.sub(_escaped, text.replace("\r\n", "\n"))


def quoted(name: str | os.PathLike[str]) -> str:
    """A file name for a message: on one line, in quotes."""
    return f"“{one_line(os.fspath(name))}”"
