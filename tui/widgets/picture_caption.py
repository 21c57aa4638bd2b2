"""The line above the picture: what it is, how large, and what of it is seen."""

from __future__ import annotations

from textual.content import Content

from backend.language import _
from backend.sanitise import one_line
from tui import wording
from tui.glyphs import Glyphs
from tui.preview.job import Shown, Signature
from tui.preview.views import View


def caption(signature: Signature, shown: Shown, glyphs: Glyphs, *, asked_in_part: bool) -> Content:
    """What a frame shows; `asked_in_part`: questions are about the part that is in view."""
    said: list[str | tuple[str, str]] = [
        one_line(signature.path.name),
        (f"  {shown.width}{glyphs.times}{shown.height}", "$faint"),
    ]
    if not signature.viewport.is_whole:
        zoom = _("{zoom:.1f}{times} enlarged").format(zoom=signature.viewport.zoom, times=glyphs.times)
        said.append((f" {glyphs.dot} {zoom}", "bold"))
    if asked_in_part:
        said.append((f" {glyphs.dot} {_('questions are about this part')}", "bold reverse"))
    above = [_("seen from above")] if signature.view is View.ABOVE else []
    depth = [wording.heat(shown.depth)] if shown.depth is not None else []
    said += [(f" {glyphs.dot} {note}", "$faint") for note in (*above, *depth, *map(one_line, shown.notes))]
    return Content.assemble(*said)
