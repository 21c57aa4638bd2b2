"""A screen on which what a key does is seen as soon as it is done."""

from __future__ import annotations

from textual import events
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

from tui.compositor import FrugalCompositor


class SwiftScreen(Screen[None]):
    """Draws what has changed, nothing that has not, and at once."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """Textual's, which paints the whole screen anew when the focus moves: who gets it and who loses it paint themselves."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = FrugalCompositor()

    async def _on_idle(self, event: events.Idle) -> None:
        """Textual waits for its next turn: up to 4 ms and, where the model has all cores, as many again until it is woken."""
        if self.is_current and not self.app._batch_count and self._changed:
            event.prevent_default()
            self._on_timer_update()

    @property
    def _changed(self) -> bool:
        return (
            self._layout_required
            or self._scroll_required
            or self._repaint_required
            or self._recompose_required
            or bool(self._dirty_widgets)
        )
