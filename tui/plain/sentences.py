"""A stream of tokens as whole sentences, without what nobody wants read aloud: coordinates, and the signs of Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_OPENING = re.compile(r"```|\[|(?<!.)\{", re.DOTALL)
"""Where coordinates may begin: a fence, a list, or an object that is all of the answer."""
_LIST = re.compile(r"\[\s*(?:\{|\]|\Z)|\{")
_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])\s*|\n+")
_HEADING = re.compile(r"^\s*(?:#{1,6}|>)\s+")
_SIGNS = re.compile(r"\*\*|__|`+|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)")
_ENDING = frozenset(".!?。！？ \n")


class Sentences:
    """Feed it what streams; it gives out each sentence once it is whole."""

    def __init__(self) -> None:
        self._text = ""
        self._told = 0
        """Sentences that were given out."""

    def feed(self, text: str) -> Iterator[str]:
        """More of the answer."""
        self._text += text
        if _ENDING & set(text):
            yield from self._new(_END.split(prose(self._text, streaming=True))[:-1])

    def finish(self, text: str | None = None) -> Iterator[str]:
        """The rest; `text`: the whole answer, where it is known better than by its stream."""
        yield from self._new(_END.split(prose(self._text if text is None else text)))

    def _new(self, sentences: list[str]) -> Iterator[str]:
        spoken = [clean for one in sentences if (clean := _clean(one))]
        yield from spoken[self._told :]
        self._told = max(self._told, len(spoken))


def prose(text: str, *, streaming: bool = False) -> str:
    """The text without lists of findings, fenced or not; `streaming`: more is to come, and what may become one is held back."""
    text = text.lstrip()
    parts: list[str] = []
    at = 0
    while opening := _OPENING.search(text, at):
        parts.append(text[at : opening.start()])
        start = opening.start()
        if opening[0] == "```":
            end = text.find("```", start + 3)
            inside = text[start + 3 : end if end >= 0 else len(text)].partition("\n")[2]
            if end < 0 and (streaming or _LIST.match(inside.lstrip())):
                return "".join(parts)
            parts.append("\n" if _LIST.match(inside.lstrip()) else inside)
            at = end + 3 if end >= 0 else len(text)
            continue
        try:
            found, at = json.JSONDecoder().raw_decode(text, start)
        except (ValueError, RecursionError):
            if _LIST.match(text, start):  # cut off, or not whole yet
                return "".join(parts)
            found, at = None, start + 1
        if not (isinstance(found, dict) or (isinstance(found, list) and all(isinstance(one, dict) for one in found))):
            parts.append(text[start:at])
    return "".join((*parts, text[at:]))


def _clean(sentence: str) -> str:
    return " ".join(_SIGNS.sub("", _HEADING.sub("", sentence)).split())
