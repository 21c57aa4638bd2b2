"""The footer: the keys of what has the focus, in the user's language, as the registry's labels are translated where they are
shown.

One widget that draws its line. Textual's own is a widget for each key, all of which are taken down, made, styled and laid out
anew whenever the focus moves: on a busy machine that alone keeps a key waiting longer than a key may.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

from backend.language import _
from tui.actions.keys import UNBOUND

_SOON_S = 0.05
"""Seconds without another change after which it is looked what is offered: not while a key still waits to be drawn."""

_BETWEEN = 1
"""Cells between two keys."""

_ALWAYS = ("help", "quit")
"""Actions whose keys are shown however narrow the line is: who finds nothing else finds these."""


@dataclass(frozen=True, slots=True)
class FooterKey:
    """One key and what it does."""

    action: str
    key: str
    """As Textual calls it."""
    shown: str
    """As it is written."""
    label: str
    enabled: bool
    hint: str
    """What the mouse is told."""

    @property
    def width(self) -> int:
        return cell_len(self.shown) + 1 + cell_len(self.label)


class ActionFooter(Widget, can_focus=False):
    """The keys of the registry that are for the footer and can be used now. Where the line is too short for all, the last
    ones before help and leaving are left out, whole. A click presses one."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar = {"action-footer--key", "action-footer--label", "action-footer--pointed"}
    DEFAULT_CSS = """
    ActionFooter {
        dock: bottom;
        height: 1;
        text-wrap: nowrap;
        color: $footer-foreground;
        background: $footer-background;
        pointer: pointer;
        .action-footer--key { color: $footer-key-foreground; background: $footer-key-background; text-style: bold; }
        .action-footer--label { color: $footer-description-foreground; background: $footer-description-background; }
        .action-footer--pointed { color: $footer-key-foreground; background: $block-hover-background; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[FooterKey, ...] = ()
        self._pointed: FooterKey | None = None
        self._soon: Timer | None = None
        """When it will be looked what is offered."""

    @property
    def keys(self) -> tuple[FooterKey, ...]:
        """What is offered now."""
        return self._keys

    @property
    def up_to_date(self) -> bool:
        """Whether these are what is offered now, rather than a moment ago."""
        return self._soon is None

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, screen: Screen[object]) -> None:
        """Others may be usable. That is looked at once for all that a key has changed, when its effect has been drawn."""
        if screen is not self.screen:
            return
        if not self._keys:
            self.call_after_refresh(self._look)
        elif self._soon is None:
            self._soon = self.set_timer(_SOON_S, self._look)
        else:
            self._soon.reset()

    def _look(self) -> None:
        """Drawn anew only where others are offered."""
        self._soon = None
        if not (self.is_attached and self.app.app_focus):
            return
        keys = tuple(self._offered())
        if keys != self._keys:
            self._keys = keys
            self._point(None)
            self.refresh()

    def _offered(self) -> Iterator[FooterKey]:
        """The first key of each action."""
        seen: set[str] = set()
        for _node, binding, enabled, tooltip in self.screen.active_bindings.values():
            if binding.show and binding.action not in seen:
                seen.add(binding.action)
                if binding.key != UNBOUND:
                    shown = self.app.get_key_display(binding)
                    label = _(binding.description)
                    yield FooterKey(binding.action, binding.key, shown, label, enabled, tooltip)

    @property
    def drawn(self) -> tuple[FooterKey, ...]:
        """Those of `keys` that the line has room for."""
        room = self.size.width - sum(one.width + _BETWEEN for one in self._keys if one.action in _ALWAYS)
        kept: list[FooterKey] = []
        for one in self._keys:
            if one.action in _ALWAYS or (room := room - one.width - _BETWEEN) >= -_BETWEEN:
                kept.append(one)
        return tuple(kept)

    def render(self) -> RenderResult:
        key, label, pointed = (
            self.get_visual_style(f"action-footer--{part}", partial=True) for part in ("key", "label", "pointed")
        )
        parts: list[Content] = []
        for one in self.drawn:
            shown = Content.assemble((one.shown, key), (f" {one.label}", label))
            if one is self._pointed:
                shown = shown.stylize(pointed)
            parts.append(shown if one.enabled else shown.stylize("dim"))
        return Content(" " * _BETWEEN).join(parts)

    # --- the mouse

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._point(self._at(event.get_content_offset_capture(self).x))

    def on_leave(self) -> None:
        self._point(None)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        pressed = self._at(event.get_content_offset_capture(self).x)
        if pressed is None:
            return
        if pressed.enabled:
            self.app.simulate_key(pressed.key)
        else:
            self.app.bell()

    def _at(self, x: int) -> FooterKey | None:
        """Which key is drawn there."""
        start = 0
        for one in self.drawn:
            if start <= x < start + one.width:
                return one
            start += one.width + _BETWEEN
        return None

    def _point(self, key: FooterKey | None) -> None:
        if key is not self._pointed:
            self._pointed = key
            self.tooltip = _(key.hint) if key is not None and key.hint else None
            self.refresh()
