"""A stream of tokens as whole sentences, without what nobody wants read aloud: coordinates, and the signs of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

_COORDINATES = re.compile(r"(?:```\w*\s*)?\[\s*(?:\{.*?\}\s*,?\s*)*\](?:\s*```)?", re.DOTALL)
"""A whole list of findings, fenced or not."""
_BEGUN = re.compile(r"(?:```|\[|\{).*\Z", re.DOTALL)
"""What may become one."""
_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])\s*|\n+")
_HEADING = re.compile(r"^\s*(?:#{1,6}|>)\s+")
_SIGNS = re.compile(r"\*\*|__|`+|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)")


class Sentences:
    """Feed it what streams; it gives out each sentence once it is whole."""

    def __init__(self) -> None:
        self._text = ""
        self._told = 0
        """Sentences that were given out."""

    def feed(self, text: str) -> Iterator[str]:
        """More of the answer."""
        self._text += text
        shown = _BEGUN.sub("", _COORDINATES.sub("", self._text))
        yield from self._new(_END.split(shown)[:-1])

    def finish(self, text: str | None = None) -> Iterator[str]:
        """The rest; `text`: the whole answer, where it is known better than by its stream."""
        whole = _COORDINATES.sub("", self._text if text is None else text)
        cut = _BEGUN.search(whole) if whole.lstrip()[:1] in ("[", "{", "`") else None
        yield from self._new(_END.split(whole[: cut.start()] if cut else whole))

    def _new(self, sentences: list[str]) -> Iterator[str]:
        spoken = [clean for one in sentences if (clean := _clean(one))]
        yield from spoken[self._told :]
        self._told = max(self._told, len(spoken))


def _clean(sentence: str) -> str:
    return " ".join(_SIGNS.sub("", _HEADING.sub("", sentence)).split())
