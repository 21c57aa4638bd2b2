"""For what grows while a reply streams in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Size
from textual.reactive import Reactive
from textual.widget import Widget

# It stands before a widget class in the bases and is none itself: Textual takes the style rules of the first base that is one.
if TYPE_CHECKING:
    _Base = Widget
else:
    _Base = object


class LaidOnce(_Base):
    """The screen is laid out once where this has grown. With Textual's own it is laid out a second time, as the size of what is
    in it, in which the first one has resulted, has changed; only a scroll bar that comes or goes needs that, and asks for it
    itself."""

    virtual_size: Reactive[Size] = Reactive(Size(0, 0))
