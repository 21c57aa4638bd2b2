"""A conversation as a file: each answer's published JSON in a line, or questions and answers to be read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from backend.errors import UsageError
from backend.language import _
from backend.memory.session_export import write_text
from backend.sanitise import lines, one_line, quoted
from tui.exchange import Exchange
from tui.plain import telling
from tui.plain.sentences import Sentences

_FOR_PROGRAMS, _TO_READ = (".jsonl",), (".txt", ".md")


def export(exchanges: Sequence[Exchange], path: Path) -> Path:
    """Write the answered ones to a file that is not there yet. Raises UsageError, and SessionNotSaved where that fails."""
    if not any(one.answer is not None for one in exchanges):
        raise UsageError(_("nothing was asked about this picture yet"), cure=_("type a question"))
    if path.suffix.casefold() in _FOR_PROGRAMS:
        told = [json.dumps(one.answer.as_dict(), ensure_ascii=False) for one in exchanges if one.answer is not None]
    elif path.suffix.casefold() in _TO_READ:
        told = list(_read(exchanges))
    else:
        raise UsageError(
            _("{path} has none of the suffixes that can be written").format(path=quoted(path)),
            cure=_("use one of: {suffixes}").format(suffixes=", ".join((*_TO_READ, *_FOR_PROGRAMS))),
        )
    return write_text("".join(f"{line}\n" for line in told).encode("utf-8", "backslashreplace"), path)


def _read(exchanges: Sequence[Exchange]) -> Iterator[str]:
    for one in exchanges:
        if one.answer is None:
            continue
        names = ", ".join(one_line(picture.path) for picture in one.answer.pictures)
        yield _("Question about {pictures}: {question}").format(pictures=names, question=lines(one.question))
        yield ""
        yield from (lines(sentence) for sentence in Sentences().finish(one.answer.text))
        yield from telling.after(one.answer)
        yield ""
