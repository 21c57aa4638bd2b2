"""Answers for people: one HTML file that holds everything, or a folder with Markdown and pictures.

The page loads nothing: its pictures are inside it, and its policy (CSP) forbids anything else, so that it can be opened
offline and passed on. A picture is embedded once, however many questions are about it; what was found is drawn over it as
SVG, in pixels of the upright original.
"""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from backend.answer import Answer, PictureRef
from backend.errors import UnreadablePicture
from backend.export.drawn import camera_for, drawn_of
from backend.export.gathered import file_name
from backend.export.marks import Mark, marks
from backend.export.originals import Originals
from backend.export.prose import as_html, as_markdown, is_data, quoted_in_markdown
from backend.export.saving import save, write
from backend.language import _, ngettext, spoken
from backend.media.images import as_image
from backend.sanitise import lines, one_line
from backend.scene import Change, Claim, Finding, Picture
from backend.scene.moments import stamp
from backend.scene.phrasing import again, checked, happened, ruled, statement, witnessed

if TYPE_CHECKING:
    from jinja2 import Environment

_LONGEST_SIDE = 1600
"""Pixels of an embedded picture at most; the marks over it are sharp in any size."""
_PNG_BYTES = 400_000
"""Up to this a picture is embedded without loss; drawings and screenshots usually are."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A picture of the report."""

    number: int
    ref: PictureRef
    data: str
    """As a data: URI; empty where it is not to be had."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A finding of the report."""

    finding: Finding
    place: int
    """Among all of its answer's, counted from 0: its colour."""
    mark: Mark | None


def html(answers: Sequence[Answer], originals: Originals) -> tuple[str, list[str]]:
    """The page, and notes on pictures that are missing from it."""
    pictures: dict[tuple[str, float | None], _Shown] = {}
    notes: list[str] = []
    sections = []
    for answer in answers:
        shown = []
        for ref in answer.pictures:
            key = (ref.sha256, ref.time)
            if key not in pictures:
                picture = _opened(ref, originals, notes)
                pictures[key] = _Shown(len(pictures) + 1, ref, "" if picture is None else _embedded(picture))
            shown.append(pictures[key])
        sections.append(_section(answer, originals, shown))
    template = _environment(escape=True).get_template("report.html.j2")
    page = template.render(
        sections=sections,
        pictures=list(pictures.values()),
        about=_about(answers, len(pictures)),
        language=spoken().replace("_", "-"),
        words=_words(),
    )
    return page.replace("SCRIPT-DIGEST", _script_digest(page)), notes


def markdown(answers: Sequence[Answer], folder: Path, originals: Originals) -> list[str]:
    """Write report.md and a folder of pictures, each answer's with its findings drawn in; returns notes on missing ones."""
    notes: list[str] = []
    sections = []
    (folder / "pictures").mkdir()
    for number, answer in enumerate(answers, 1):
        names = []
        for place, ref in enumerate(answer.pictures):
            name = f"{number:03}-{place + 1}-{Path(file_name(ref)).stem.replace(' ', '_')}.png"
            try:
                save(drawn_of(answer, place, originals), folder / "pictures" / name)
            except UnreadablePicture as error:
                notes.append(error.message)
                name = ""
            names.append(name)
        sections.append({**_section(answer, originals, []), "files": names})
    seen = len({(ref.sha256, ref.time) for answer in answers for ref in answer.pictures})
    template = _environment(escape=False).get_template("report.md.j2")
    text = template.render(sections=sections, about=_about(answers, seen), words=_words())
    write(text.encode("utf-8", "backslashreplace"), folder / "report.md")
    return list(dict.fromkeys(notes))


def _about(answers: Sequence[Answer], pictures: int) -> str:
    """What the whole report is of: how many answers, about how many pictures, by whom, and when it was made."""
    models = dict.fromkeys(one_line(dict(answer.model).get("name", ""), 60) for answer in answers)
    counted = ngettext("{count} answer", "{count} answers", len(answers)).format(count=len(answers))
    seen = ngettext("{count} picture", "{count} pictures", pictures).format(count=pictures)
    return " · ".join(filter(None, (counted, seen, *models, f"{datetime.now().astimezone():%Y-%m-%d %H:%M}")))


def _section(answer: Answer, originals: Originals, shown: Sequence[_Shown]) -> dict[str, Any]:
    """One answer, as the templates want it."""
    cameras = [camera_for(ref, _opened(ref, originals, [])) for ref in answer.pictures] if answer.boxes3d else []
    rows = []
    for place, finding in enumerate(answer.findings):
        known = 0 <= finding.picture < len(answer.pictures)
        ref = answer.pictures[finding.picture] if known else None
        camera = cameras[finding.picture] if cameras and known else None
        rows.append(_Row(finding, place, None if ref is None else marks(finding, place, (ref.width, ref.height), camera)))
    labels = {one.id: f"{one.id} {one_line(one.label)}".strip() for one in answer.findings}
    return {
        "answer": answer,
        "pictures": shown,
        "rows": rows,
        "claims": [_claim(claim) for claim in answer.claims],
        "checks": [
            (checked(one, labels.get(one.finding_id, one.finding_id), labels.get(one.against_id, one.against_id)), one.verdict)
            for one in answer.checks
        ],
        "model": dict(answer.model),
        "words": Markup(as_html(answer.text)),
        "data": is_data(answer.text),
        "more": any(row.finding.attributes or getattr(row.finding, "found_by", "") == "ocr" for row in rows),
        "rulings": [claim.verdict.ruling.value for claim in answer.claims if claim.verdict is not None],
        "moments": [stamp(one.start) + (f"–{stamp(one.end)}" if one.end is not None else "") for one in answer.moments],
        "changes": [(_change(one), one.reason) for one in answer.changes],
    }


def _change(change: Change) -> str:
    return f"{one_line(change.label)}: {happened(change.kind)}" if change.label else happened(change.kind)


def _claim(claim: Claim) -> dict[str, Any]:
    more = [f"{witnessed(one)}: {one.reason}" for one in claim.witnesses]
    more += [f"{again(one)}: {one.answer}" for one in claim.asked_again]
    return {
        "says": statement(claim),
        "ids": " ".join(filter(None, (claim.subject_id, claim.object_id, claim.other_id))),
        "verdict": claim.verdict,
        "ruled": _("not checked: a box is missing") if claim.verdict is None else ruled(claim.verdict),
        "more": more,
    }


def _opened(ref: PictureRef, originals: Originals, notes: list[str]) -> Picture | None:
    try:
        return originals.picture(ref)
    except UnreadablePicture as error:
        notes.append(error.message)
        return None


def _embedded(picture: Picture) -> str:
    image = as_image(picture)
    image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    kind = "png"
    if written.tell() > _PNG_BYTES:
        written, kind = io.BytesIO(), "jpeg"
        image.save(written, "JPEG", quality=88)
    return f"data:image/{kind};base64,{base64.b64encode(written.getvalue()).decode('ascii')}"


def _script_digest(page: str) -> str:
    """Of the page's one script, for its policy."""
    script = page.partition("<script>")[2].partition("</script>")[0]
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")


def _words() -> dict[str, str]:
    """What the templates say, in the language in use."""
    return {
        "title": _("sightline: what was asked, and what was found"),
        "units": _(
            "Boxes and points are in pixels of the upright original; metres are the model's estimates. A "
            "verdict is geometry's, "
            "from the boxes: it may be undetermined, and it never replaces the model's words."
        ),
        "missing": _("the picture is not where it was"),
        "findings": _("Findings"),
        "label": _("label"),
        "where": _("where"),
        "picture": _("picture"),
        "confidence": _("confidence"),
        "more": _("more"),
        "read": _("read"),
        "geometry": _("What geometry says"),
        "reasoned": _("What the model reasoned"),
        "confirmed": _("confirmed"),
        "contradicted": _("contradicted"),
        "undetermined": _("undetermined"),
        "contents": _("Questions"),
        "wrote": _("What the model wrote"),
        "told": _("What the model was told of others"),
        "changed": _("What changed"),
        "moments": _("Moments"),
        "part": _("questions are about the marked part"),
        "model": _("model"),
        "task": _("task"),
        "seed": _("seed"),
        "temperature": _("temperature"),
        "tokens": _("tokens"),
        "speed": _("tokens/s"),
        "reused": _("reused"),
    }


@cache
def _environment(*, escape: bool) -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("backend.export"),
        autoescape=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"line": one_line, "lines": lines, "md": as_markdown, "ruled": ruled, "quote": quoted_in_markdown}
    return made
