"""The catalogues on disk: .po (what translators write) and .mo (what the program reads)."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from backend.language import DOMAIN, FOLDER, LANGUAGES

from .sentences import collected

os.environ["SIGHTLINE_LANGUAGE"] = "en"  # sentences are collected as they are written
_IDLE = re.compile(
    rb'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Report-Msgid-Bugs-To|Last-Translator|Language-Team):.*\n',
    re.MULTILINE,
)
"""Header lines that say nothing here, or something else each day."""
_HEADER = "# sightline in another language than English. Edit this file, then run scripts/messages."
_NO_DAY = datetime(2026, 1, 1, tzinfo=UTC)
"""In the header of what is compiled, so that the same sentences make the same file on every day."""
_TRANSLATED = [code for code in LANGUAGES if code != "en"]


def renew() -> None:
    """Write all of them. A translation whose sentence has gone is dropped; a changed one is translated anew, not guessed."""
    template = collected()
    for code in _TRANSLATED:
        _po(code).parent.mkdir(parents=True, exist_ok=True)
        catalogue = _updated(template, code)
        _po(code).write_bytes(_written(catalogue))
        _po(code).with_suffix(".mo").write_bytes(_compiled(catalogue))


def problems() -> list[str]:
    """What is behind the code, untranslated, or has other places for values than its sentence."""
    template, found = collected(), []
    for code in _TRANSLATED:
        if not _po(code).exists():
            found.append(f"{code}: there is no catalogue")
            continue
        catalogue = _updated(template, code)
        if _written(catalogue) != _po(code).read_bytes() or _compiled(catalogue) != _po(code).with_suffix(".mo").read_bytes():
            found.append(f"{code}: not up to date: run scripts/messages")
        for message in catalogue:
            if message.id:
                found += [f"{code}: {why}: {message.id!r}" for why in _wrong(message)]
    return found


def _wrong(message: Message) -> Iterator[str]:
    forms, sources = _each(message.string), _each(message.id)
    if not all(forms):
        yield "not translated"
        return
    allowed = {field for source in sources for field in _fields(source)}
    for form in forms:
        if not set(_fields(form)) <= allowed or (len(sources) == 1 and set(_fields(form)) != allowed):
            yield "other places for values"


def _each(texts: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """A sentence, or its singular and plural forms."""
    return (texts or "",) if isinstance(texts, str | None) else tuple(texts)


def _fields(text: str) -> list[tuple[str, str]]:
    """Names and formats of the places for values; none where the text is no template."""
    try:
        return [(name, spec or "") for _text, name, spec, _conversion in Formatter().parse(text) if name]
    except ValueError:
        return []


def _po(code: str) -> Path:
    return FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def _updated(template: Catalog, code: str) -> Catalog:
    """The translator's catalogue with exactly the sentences of the template."""
    catalogue = Catalog(locale=code, project=DOMAIN, charset="utf-8", fuzzy=False)
    if _po(code).exists():
        with _po(code).open("rb") as file:
            catalogue = read_po(file, locale=code, domain=DOMAIN)
    catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    catalogue.header_comment = _HEADER
    return catalogue


def _written(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalogue, width=120, sort_output=True, include_lineno=False, omit_header=False)
    return _IDLE.sub(b"", out.getvalue())


def _compiled(catalogue: Catalog) -> bytes:
    catalogue.creation_date = catalogue.revision_date = _NO_DAY
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()
