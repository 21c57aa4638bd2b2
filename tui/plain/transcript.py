"""A conversation as a file: to be read in the words of plain mode, or in one of the formats of every export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from backend.errors import UsageError
from backend.language import _
from backend.memory.session_export import write_text
from backend.sanitise import lines, one_line, quoted
from tui.exchange import Exchange
from tui.plain import telling
from tui.plain.sentences import Sentences

_TO_READ = (".txt", ".md")
_EXPORTED = {".html": "html", ".json": "json", ".jsonl": "json", ".csv": "csv", ".png": "png", ".ply": "ply"}
"""Suffixes, and the format (`backend.export.formats`) that each of them means."""


def export(exchanges: Sequence[Exchange], path: Path) -> tuple[str, ...]:
    """Write the answered ones to a file that is not there yet; what could not be had, a sentence each.

    Raises UsageError, UnreadablePicture, and NotSaved or SessionNotSaved where it cannot be written.
    """
    answers = [one.answer for one in exchanges if one.answer is not None]
    suffix = path.suffix.casefold()
    if not answers:
        raise UsageError(_("nothing was asked about this picture yet"), cure=_("type a question"))
    if suffix in _TO_READ:
        write_text("".join(f"{line}\n" for line in _read(exchanges)).encode("utf-8", "backslashreplace"), path)
        return ()
    if suffix not in _EXPORTED:
        raise UsageError(
            _("{path} has none of the suffixes that can be written").format(path=quoted(path)),
            cure=_("use one of: {suffixes}").format(suffixes=", ".join((*_TO_READ, *_EXPORTED))),
        )
    from backend.export.exporting import export as exported
    from backend.export.originals import Originals

    return exported(_EXPORTED[suffix], answers, path, Originals()).notes


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
