"""What keys do to the picture that is looked at: another way to look at it, another moment, another of several."""

from __future__ import annotations

from dataclasses import replace

from backend.language import _
from backend.media.film.choice import Wanted
from tui.frames_wanted import frames_wanted, written
from tui.preview.views import View
from tui.widgets.dialogue import Dialogue
from tui.widgets.viewer import Viewer


class ViewingActions:
    """Actions of a screen that has a viewer."""

    _viewer: Viewer
    _dialogue: Dialogue

    def action_switch_depth(self) -> None:
        self._viewer.switch(View.DEPTH)

    def action_switch_view(self) -> None:
        self._viewer.switch(View.ABOVE)

    def action_turn(self, number: int) -> None:
        self._viewer.turn_to(number)

    def action_turn_by(self, step: int) -> None:
        self._viewer.turn_by(step)

    def action_picture_by(self, step: int) -> None:
        self._viewer.picture_by(step)

    def action_jump(self, time: float) -> None:
        """To a moment that was clicked."""
        self._viewer.jump(time)

    def action_film_step(self, seconds: int) -> None:
        self._viewer.step(seconds)

    def action_frame_step(self, count: int) -> None:
        self._viewer.step_frames(count)

    def action_film_edge(self, end: bool) -> None:
        self._viewer.edge(end=end)

    def action_part_begins(self) -> None:
        """The next question is about the film from here on."""
        self._choose_part(start=self._viewer.time)

    def action_part_ends(self) -> None:
        """The next question is about the film up to here."""
        self._choose_part(end=self._viewer.time)

    def _choose_part(self, *, start: float | None = None, end: float | None = None) -> None:
        """Move one end of the part; the other one gives way where it would lie on the wrong side."""
        wanted = self._viewer.frames or Wanted()
        first, last = (wanted.start, end) if start is None else (start, wanted.end)
        if first is not None and last is not None and first > last:
            first, last = (None, end) if start is None else (start, None)
        self._choose_frames(replace(wanted, start=first, end=last))

    def action_frames(self) -> None:
        """Ask which frames the next question is about."""
        from tui.screens.one_line import OneLine

        film = self._viewer.picture
        if film is None or not self._viewer.is_film:
            return
        about = _(
            "4 fps, 8 frames or scenes (one frame of each); and 1.5-3 for a part of the film. Empty for two frames a second of "
            "the whole film. Where they do not fit into the model's context, fewer are shown."
        )
        value = written(self._viewer.frames or Wanted())
        dialog = OneLine(_("Frames of the next questions"), about, value=value, example="4 fps, 1.5-3", check=frames_wanted)
        self._viewer.app.push_screen(dialog, self._frames_typed)

    def _frames_typed(self, typed: str | None) -> None:
        if typed is not None:
            self._choose_frames(frames_wanted(typed))

    def _choose_frames(self, wanted: Wanted) -> None:
        film = self._viewer.picture
        if film is not None and self._viewer.is_film:
            self._viewer.want(film, wanted)
            self._dialogue.want_frames(film, wanted)

    def action_next_moment(self) -> None:
        self._viewer.next_moment()
