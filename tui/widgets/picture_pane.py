"""The picture with its evidence.

It says what it wants to see, and shows what arrives (see `tui.widgets.frame_making`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.theme import Theme
from textual.widgets import Static

from backend.errors import SightlineError
from backend.language import _, ngettext
from backend.sanitise import lines, one_line
from backend.scene import DepthMap, Finding, Intrinsics, Window
from backend.spatial.camera import Camera
from tui import wording
from tui.clipboard import AnswerWanted, copy
from tui.glyphs import Glyphs
from tui.preview.canvas import Frame
from tui.preview.capabilities import Capabilities
from tui.preview.extent import Corners, extent
from tui.preview.film_frames import film_of
from tui.preview.from_above import has_solids
from tui.preview.gallery import Gallery
from tui.preview.geometry import Fit
from tui.preview.job import Shown, Signature
from tui.preview.viewport import WHOLE, Room
from tui.preview.views import Layer, Sheet, Study, View
from tui.probed import resized
from tui.widgets.frame_making import FrameMaking
from tui.widgets.picture_caption import caption
from tui.widgets.picture_view import PictureView


class PicturePane(FrameMaking):
    """Caption, picture, and the reason where there is none."""

    @dataclass
    class Displayed(Message):
        """The wanted frame is on the screen (or its error is)."""

        path: Path
        readable: bool
        depth: DepthMap | None = None
        """What a depth network sees, where that is shown."""

    def __init__(self, gallery: Gallery, capabilities: Capabilities, glyphs: Glyphs) -> None:
        super().__init__("picture", gallery)
        self._capabilities = capabilities
        self._glyphs = glyphs
        self._path: Path | None = None
        self._findings: tuple[Finding, ...] = ()
        self._selected: frozenset[int] = frozenset()
        self._camera: Intrinsics | None = None
        self._picture: int | None = None
        self._wanted_view = View.PICTURE
        self._study: Study | None = None
        self._shown: Shown | None = None
        """Of the file that is looked at, once it has been seen."""
        self._told: Signature | None = None
        """What is on the screen."""
        self._revision = 0
        self._view = PictureView()
        self._caption = Static(id="picture-caption", classes="pane-title", markup=False)
        self._instead = Static(id="picture-instead", markup=False)

    def compose(self) -> ComposeResult:
        yield self._caption
        yield self._view
        yield self._instead

    def watch_has_focus(self, has_focus: bool) -> None:
        """The caption says where one is."""
        self._caption.set_class(has_focus, "-within")

    @property
    def frame(self) -> Frame | None:
        """What is on the screen."""
        return self._view.frame if self._view.display else None

    @property
    def lit(self) -> frozenset[int]:
        """Indices of the findings that stand out."""
        return self._selected

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, self._theme_changed)
        self._say_nothing()

    def show(self, path: Path | None, view: View | None = None, study: Study | None = None) -> None:
        """Show another picture, or none; in another way, where `view` says so (see `look`)."""
        if path == self._path:
            if view is not None:
                self.look(view, study)
            return
        if view is not None:
            self._wanted_view, self._study = view, study
        elif _file(path) != _file(self._path) and self._wanted_view is not View.DEPTH:  # all others are of this picture
            self._wanted_view, self._study = View.PICTURE, None
        if _file(path) != _file(self._path):
            self._viewport, self._shown, self._towards = WHOLE, None, None
            self.tell_part()
        self._path = path
        self._findings, self._selected, self._camera = (), frozenset(), None
        self._picture = None
        if path is None:
            self.want(None)
            self._say_nothing()
            return
        self._caption.update(Text(one_line(path.name), no_wrap=True, overflow="ellipsis"), layout=False)
        self._request()

    @property
    def view(self) -> View:
        """What is shown of the picture. Without 3D boxes there is nothing to be seen from above."""
        blind = self._wanted_view is View.ABOVE and not has_solids(self._findings)
        return View.PICTURE if blind else self._wanted_view

    def look(self, view: View, study: Study | None = None) -> None:
        """Show the picture in another way; depth also of the pictures that follow. `study`: what that is drawn from."""
        self._wanted_view, self._study = view, study
        self._request()

    def mark(
        self,
        findings: tuple[Finding, ...],
        selected: frozenset[int] = frozenset(),
        camera: Intrinsics | None = None,
        picture: int | None = None,
    ) -> None:
        """Draw these findings over the picture, those with the indices `selected` lit up. `camera`: which the answer used;
        `picture`: which of the answer's pictures this one is, where it had several."""
        if findings != self._findings:
            self._towards = None
        lights_up = bool(selected) and (findings, selected) != (self._findings, self._selected)
        self._findings, self._selected, self._camera, self._picture = findings, selected, camera, picture
        if lights_up and (room := self.room()) is not None and (lit := self._lit()) is not None:
            self._towards = (lit[0] + lit[2]) / 2, (lit[1] + lit[3]) / 2
            self._viewport = self._viewport.showing(room, lit)
            self.tell_part()
        self._request()

    # --- looking closer

    def room(self) -> Room | None:
        columns, rows = self._cells()
        drawn = self.view is View.ABOVE or isinstance(self._study, Layer | Sheet)
        if self._shown is None or drawn or columns < 1 or rows < 1:
            return None
        return Room(self._shown.width, self._shown.height, columns, rows, self._capabilities.aspect)

    def dots(self) -> int:
        return self._capabilities.dots[0]

    def looked_elsewhere(self) -> None:
        self._request()

    def _lit(self) -> Corners | None:
        """Around the findings that stand out in this picture."""
        reach = [corners for index, corners in self._reach().items() if index in self._selected]
        if not reach:
            return None
        x1, y1, x2, y2 = zip(*reach, strict=True)
        return min(x1), min(y1), max(x2), max(y2)

    def _reach(self) -> dict[int, Corners]:
        """How far each finding of this picture reaches, by its index."""
        if self._shown is None:
            return {}
        camera = Camera.of(self._camera or self._shown.camera, self._shown.width, self._shown.height)
        return {
            index: corners
            for index, finding in enumerate(self._findings)
            if self._picture in (None, finding.picture) and (corners := extent(finding, camera)) is not None
        }

    @property
    def places(self) -> dict[int, Region]:
        """Where on the screen the findings are that are in sight, by their indices."""
        room = self.room()
        if room is None or self.frame is None:
            return {}
        fit = Fit.into(room.width, room.height, room.columns, room.rows, room.aspect, self.window)
        at = self._view.region.offset
        found = {index: fit.outline(*corners) for index, corners in self._reach().items() if fit.shows(*corners)}
        return {
            index: Region(at.x + box.left, at.y + box.top, box.width, box.height)
            for index, box in found.items()
            if box is not None
        }

    # --- copying

    def action_copy_findings(self) -> None:
        """What stands out, else what is in view, a line each."""
        reach, window = self._reach(), self.window
        seen = [index for index, corners in reach.items() if window is None or _meets(corners, window)]
        indices = [index for index in reach if index in self._selected] or seen
        if not indices:
            self.notify(_("Nothing was found that is in view."), markup=False)
            return
        what = ngettext("{count} finding", "{count} findings", len(indices)).format(count=len(indices))
        copy(self, "\n".join(wording.told(index, self._findings[index]) for index in indices), what)

    def action_copy_json(self) -> None:
        self.post_message(AnswerWanted())

    # --- frames

    def reload(self) -> None:
        """Look at the file again."""
        self._revision += 1
        self._request()

    def plainly(self, path: Path) -> Signature:
        columns, rows = self._cells()
        return Signature(path, columns, rows, (), frozenset(), self._drawn_on)

    @property
    def _drawn_on(self) -> Capabilities:
        """The terminal as it is with the theme, which paints over its own background wherever there are colours."""
        seen = self._capabilities
        return replace(seen, light=not self.app.current_theme.dark) if seen.colour else seen

    def _theme_changed(self, _theme: Theme) -> None:
        self._request()

    def on_resize(self, _event: events.Resize) -> None:
        self._capabilities = resized(self._capabilities)  # larger letters come as fewer cells
        self.call_after_refresh(self._request)

    def _cells(self) -> tuple[int, int]:
        """Columns and rows that a frame has; fewer than one where there is no room."""
        size = self.content_size
        return size.width, size.height - 2  # the caption and a line of air

    def _request(self) -> None:
        columns, rows = self._cells()
        if self._path is None or columns < 1 or rows < 1:
            return
        signature = Signature(
            self._path,
            columns,
            rows,
            self._findings,
            self._selected,
            self._drawn_on,
            self._revision,
            self._camera,
            self._picture,
            self.view,
            self._study,
            self._viewport if self._shown is None or self.room() is not None else WHOLE,
        )
        self.want(signature)

    def made(self, signature: Signature, frame: Frame, shown: Shown, *, finished: bool) -> None:
        self._instead.display = False
        self._view.display = True
        self._view.show(frame)
        self._shown = shown
        self._told = signature
        self._write_caption()
        if finished:
            self.post_message(self.Displayed(signature.path, True, shown.depth))

    def failed(self, signature: Signature, error: SightlineError) -> None:
        self._say(error.message, error.cure, failed=True)
        self.post_message(self.Displayed(signature.path, False))

    def say_again(self) -> None:
        self._write_caption()
        if self._path is None:
            self._say_nothing()

    def _say_nothing(self) -> None:
        self._caption.update("", layout=False)
        self._say(_("No picture here"), _("Choose one on the left; folders open with Enter."))

    def part_changed(self) -> None:
        self._write_caption()

    def _write_caption(self) -> None:
        """What the picture is, and what of it is seen."""
        signature, shown = self._told, self._shown
        if signature is None or shown is None:
            return
        self._caption.update(caption(signature, shown, self._glyphs, asked_in_part=self._part is not None), layout=False)

    def _say(self, what: str, cure: str, *, failed: bool = False) -> None:
        """Words where the picture would be."""
        self._view.display = False
        self._instead.display = True
        self._instead.set_class(failed, "-failed")
        words = Content(lines(what))
        self._instead.update(Content.assemble(words, (f"\n\n{lines(cure)}", "$faint")) if cure else words)


def _meets(corners: Corners, window: Window) -> bool:
    """Whether something of it lies within the window."""
    x1, y1, x2, y2 = corners
    right, bottom = window.left + window.width, window.top + window.height
    return x1 < right and x2 > window.left and y1 < bottom and y2 > window.top


def _file(path: Path | None) -> Path | None:
    """What a picture is, or a film's frame is of."""
    return path if path is None else film_of(path) or path
