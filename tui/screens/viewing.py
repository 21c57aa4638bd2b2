"""What keys do to the picture that is looked at: another way to look at it, another moment, another of several."""

from __future__ import annotations

from tui.preview.views import View
from tui.widgets.viewer import Viewer


class ViewingActions:
    """Actions of a screen that has a viewer."""

    _viewer: Viewer

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

    def action_next_moment(self) -> None:
        self._viewer.next_moment()
