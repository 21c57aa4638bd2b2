"""The middle of the screen: the picture, or the film's frame, that is looked at, and every way to look at it.

It knows where one is: which picture, at which time of a film, in which tab. What is found out about pictures is told to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from backend.scene.moments import CLOSE
from tui.exchange import Exchange
from tui.glyphs import Glyphs
from tui.order import Order
from tui.preview.capabilities import Capabilities
from tui.preview.film_frames import frame_path
from tui.preview.from_above import has_solids
from tui.preview.gallery import Gallery
from tui.preview.timeline import ContactSheet
from tui.preview.viewport import Viewport
from tui.preview.views import View
from tui.studies.study import Finished, Row
from tui.widgets.legend import Legend
from tui.widgets.picture_pane import PicturePane
from tui.widgets.studied import Studied
from tui.widgets.tab_strip import TabStrip
from tui.widgets.timeline import Timeline

_USUAL_FPS = 25.0
"""Frames a second, before the film has told."""
_STUDIED = (View.TRACKS, View.STEREO, View.CHANGES, View.MAP)
"""Tabs of what was found out, in their order."""


class Viewer(Studied):
    """One picture at a time."""

    @dataclass
    class Turned(Message):
        """Another picture is looked at, or in another way: what can be done may have changed."""

    def __init__(self, gallery: Gallery, capabilities: Capabilities, glyphs: Glyphs) -> None:
        super().__init__(gallery, capabilities, glyphs)
        self._tabs = TabStrip(glyphs)
        self._legend = Legend(capabilities)
        self._seen: Exchange | None = None
        """The last answer about a film to whose frame was gone."""
        self._told: object = None
        """What the tabs were told last."""

    def compose(self) -> ComposeResult:
        yield self._tabs
        yield self._pane
        yield self._legend
        yield self._timeline

    @property
    def order(self) -> Order:
        return self._order

    @order.setter
    def order(self, order: Order) -> None:
        self._order = order
        self._turned()

    def show(self, picture: Path | None) -> bool:
        """Look at another picture, or at none; returns whether it is another one."""
        if picture == self._picture:
            return False
        self._picture, self._time = picture, 0.0
        study = self._study
        if study is not None and picture in study.pictures:  # the other one of a pair
            self._draw(study)
        else:
            self._pane.show(picture)
        self._turned()
        return True

    def reload(self) -> None:
        """Look at the file again."""
        self._pane.reload()

    def prepare(self, *pictures: Path) -> None:
        """Make ready what may be looked at next, the likeliest first."""
        self._pane.prepare(*pictures)

    # --- tabs

    @property
    def views(self) -> tuple[View, ...]:
        """The ways to look at it that there are now."""
        if self._picture is None:
            return ()
        solids = self._exchange is not None and has_solids(tuple(self._exchange.findings))
        sheet = (View.SHEET,) if self.is_film else ()
        made = [view for view in _STUDIED if self._made(view) is not None]
        return View.PICTURE, View.DEPTH, *((View.ABOVE,) if solids else ()), *sheet, *made

    def turn(self, view: View) -> None:
        """Look at it in this way, if there is this way."""
        if view not in self.views:
            return
        study = self._made(view)
        if view is View.SHEET:
            known = self._timeline.known
            self._pane.look(view, ContactSheet(known.thumbs if known is not None else ()))
        elif study is None:
            self._pane.look(view)
        else:
            self._draw(study)
        self._turned()

    def turn_to(self, number: int) -> None:
        """To the tab of that number, counted from 1; there need not be one."""
        if 1 <= number <= len(self.views):
            self.turn(self.views[number - 1])

    def turn_by(self, step: int) -> None:
        """So many tabs on, round and round."""
        views = self.views
        if views:
            at = views.index(self.view) if self.view in views else 0
            self.turn(views[(at + step) % len(views)])

    def switch(self, view: View) -> None:
        """Turn to it, or from it back to the picture."""
        self.turn(View.PICTURE if self.view is view else view)

    def picture_by(self, step: int) -> None:
        """To the next of the marked pictures (negative: an earlier one), round and round."""
        pictures = self._order.pictures
        if pictures:
            at = pictures.index(self._picture) + step if self._picture in pictures else 0 if step > 0 else -1
            self.show(pictures[at % len(pictures)])
            self.mark(self._exchange)

    def _turned(self) -> None:
        film = self._picture if self.is_film else None
        followed = self._made(View.TRACKS)
        end = self._gallery.end_of(film) if film is not None else None
        self._timeline.show(film, self._time, end, self._exchange, followed.happened if followed is not None else ())
        pictures = self._order.pictures
        at = pictures.index(self._picture) + 1 if self._picture in pictures else 0
        place = (at, len(pictures)) if pictures else None
        self._pane.allow_part(len(self.pictures) == 1 and not self.is_film)
        now = self._picture, self.views, self.view, self._study, place
        if now != self._told:
            self._told = now
            self._tabs.show(self.views, self.view, film=self.is_film, place=place)
            self.post_message(self.Turned())

    # --- studies

    def keep(self, study: Finished) -> None:
        """Something was found out: it has a tab while its pictures are looked at, in place of an earlier one of them."""
        self._studies[study.view, study.pictures] = study
        if self.view is study.view and self._made(study.view) is study:
            self._draw(study)
        self._turned()

    def light(self, row: Row | None) -> None:
        """Go to what a row of the table is about, and have it stand out."""
        if row is not None and row.picture is not None:
            self.show(row.picture)
        if row is not None and row.time is not None:
            self._go(row.time)
        self.mark(self._exchange, row.lit if row is not None else frozenset())

    def _draw(self, study: Finished) -> None:
        assert self._picture is not None
        self._picture = study.shown_on(self._picture)
        shown = self.shown
        assert shown is not None
        self._pane.show(shown, study.view, study.drawn(self._picture, self._time))

    # --- sessions

    @property
    def state(self) -> dict[str, Any]:
        """How it is looked at, as JSON, for whoever comes back to it."""
        seen = self._pane.viewport
        part = None if seen.is_whole else [seen.x, seen.y, seen.zoom]
        return {"view": self.view.value, "time": self._time if self.is_film else None, "viewport": part}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Look at the picture as it was looked at then; what is not understood, or not there any more, is passed over."""
        view, time = state.get("view"), state.get("time")
        if isinstance(time, int | float):
            self.jump(float(time))
        match state.get("viewport"):
            case [float(x), float(y), float(zoom)] if 0 <= x <= 1 and 0 <= y <= 1 and 1 < zoom < 1e4:
                self._pane.look_at(Viewport(x, y, zoom))
        if view != self.view.value and (wanted := next((one for one in self.views if one.value == view), None)) is not None:
            self.turn(wanted)

    # --- evidence

    def see(self, exchange: Exchange | None, lit: frozenset[int]) -> None:
        """Show the evidence of the last answer, and go to where that of the findings `lit` is."""
        self._exchange = exchange
        if self.is_film and exchange is not None:
            time = exchange.time_of(min(lit, default=0)) if lit or exchange is not self._seen else None
            if time is not None:
                self._seen = exchange
                self._go(time)
        if exchange is not None and lit and len(exchange.pictures) > 1:
            self.show(exchange.pictures[exchange.findings[min(lit)].picture])
        self.mark(exchange, lit)

    def mark(self, exchange: Exchange | None, lit: frozenset[int] = frozenset()) -> None:
        """Draw an answer's findings: those of the picture, or of the film's frame, that is shown."""
        self._exchange = exchange
        here = None if exchange is None else self.place_in(exchange)
        self._pane.mark(tuple(exchange.findings) if exchange else (), lit, exchange.camera_of(here) if exchange else None, here)
        self._turned()

    # --- films

    def jump(self, time: float) -> None:
        """To the frame that is shown at that time, seconds; before the first one and after the last one to these."""
        self._go(time)
        self.mark(self._exchange)

    def step(self, seconds: float) -> None:
        self.jump(self._time + seconds)

    def step_frames(self, count: int) -> None:
        """So many frames on, by the film's average rate."""
        known = self._timeline.known
        fps = known.fps if known is not None else _USUAL_FPS
        self.jump((round(self._time * fps) + count) / fps)

    def edge(self, *, end: bool) -> None:
        """To the film's first frame, or to its last."""
        last = self._gallery.end_of(self._picture) if self._picture is not None else None
        self.jump((last or 0.0) if end else 0.0)

    @on(PicturePane.Displayed)
    def _displayed(self, message: PicturePane.Displayed) -> None:
        """The message goes on to the screen: that the depth is there is its business as well."""
        self._depth = message.path, message.depth
        self._legend.tell(message.depth)

    @on(Timeline.Gone)
    def _clicked(self, message: Timeline.Gone) -> None:
        message.stop()
        self.jump(message.time)

    @on(Timeline.Learned)
    def _learned(self, message: Timeline.Learned) -> None:
        message.stop()
        if self.view is View.SHEET:
            self.turn(View.SHEET)
        self._turned()

    def next_moment(self) -> None:
        """To the first moment that the answer names behind the one that is shown, and from the last one to the first."""
        answer = self._exchange.answer if self._exchange is not None else None
        times = sorted({moment.start for moment in answer.moments}) if answer is not None else []
        if times:
            self.jump(next((time for time in times if time > self._time + CLOSE), times[0]))

    def _go(self, time: float) -> None:
        if self._picture is not None and self.is_film:
            end = self._gallery.end_of(self._picture)
            self._time = max(0.0, time if end is None else min(time, end))
            study = self._study
            if study is not None:
                self._draw(study)
            else:
                self._pane.show(frame_path(self._picture, self._time))
