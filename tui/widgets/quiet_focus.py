"""For parts of the screen that look the same with the focus and without it, or paint what differs themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.widget import Widget

# It stands before a widget class in the bases and is none itself: Textual takes the style rules of the first base that is one.
if TYPE_CHECKING:
    _Base = Widget
else:
    _Base = object


class QuietFocus(_Base):
    """Nothing is styled or painted where the focus comes or goes. Textual does both, for the widget and for all that lies in
    it: in a long conversation, or around a picture in pixels, that keeps a key waiting longer than a key may."""

    def watch_has_focus(self, has_focus: bool) -> None:
        """In the place of Textual's, which styles everything anew, as a rule might be about the focus."""

    def on_focus(self, event: events.Focus) -> None:
        event.prevent_default()
        self._tell_focus(events.DescendantFocus(self), has_focus=True)

    def on_blur(self, event: events.Blur) -> None:
        event.prevent_default()
        self._tell_focus(events.DescendantBlur(self), has_focus=False)

    def _tell_focus(self, event: events.DescendantFocus | events.DescendantBlur, *, has_focus: bool) -> None:
        self.has_focus = has_focus
        if isinstance(self.parent, Widget):
            self.parent.post_message(event)
