"""The line above the picture: what it is, how large, and what of it is seen."""

from __future__ import annotations

from rich.text import Text

from backend.language import _
from backend.sanitise import one_line
from tui import wording
from tui.glyphs import Glyphs
from tui.preview.job import Shown, Signature
from tui.preview.views import View


def caption(signature: Signature, shown: Shown, glyphs: Glyphs, *, asked_in_part: bool) -> Text:
    """What a frame shows; `asked_in_part`: questions are about the part that is in view."""
    said = Text(one_line(signature.path.name), no_wrap=True, overflow="ellipsis")
    said.append(f"  {shown.width}{glyphs.times}{shown.height}", style="dim")
    if not signature.viewport.is_whole:
        zoom = _("{zoom:.1f}{times} enlarged").format(zoom=signature.viewport.zoom, times=glyphs.times)
        said.append(f" {glyphs.dot} {zoom}", style="bold")
    if asked_in_part:
        said.append(f" {glyphs.dot} {_('questions are about this part')}", style="bold reverse")
    if signature.view is View.ABOVE:
        said.append(f" {glyphs.dot} {_('seen from above')}", style="dim")
    if shown.depth is not None:
        said.append(f" {glyphs.dot} {wording.heat(shown.depth)}", style="dim")
    for note in shown.notes:
        said.append(f" {glyphs.dot} {one_line(note)}", style="dim")
    return said
