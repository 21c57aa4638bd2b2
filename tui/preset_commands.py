"""Presets of the user's own in the command palette, and on their keys; the shipped ones are in the registry of actions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from textual.app import App
from textual.command import DiscoveryHit, Hit, Hits, Provider

from backend.errors import SightlineError
from backend.language import _
from tui.actions import ACTIONS
from tui.actions.keys import keys_of
from tui.presets import Preset, check_keys, own


def bind_own(app: App[None]) -> None:
    """Give the user's own presets the keys that their file gives them. Raises PresetsError."""
    for one in own():
        if one.keys:
            app.bind(one.keys, f"screen.ask_preset({one.name!r})", description=one.label)


def refuse_bad_presets(rebound: Mapping[str, Sequence[str]]) -> None:
    """Raises PresetsError where the user's file is not understood, or wants keys that mean something already. `rebound`: the
    user's keys of actions, by their names; a key that was taken from an action is free."""
    check_keys({key: _(action.label) for action in ACTIONS for key in keys_of(action, rebound)})


class PresetCommands(Provider):
    """Offers them while they can be asked."""

    def _offered(self) -> Iterator[Preset]:
        try:
            presets = own()
        except SightlineError:  # which is said when one is asked
            return
        for one in presets:
            if self.screen.check_action("ask_preset", (one.name,)):
                yield one

    async def discover(self) -> Hits:
        for one in self._offered():
            yield DiscoveryHit(one.label, partial(self.screen.run_action, f"ask_preset({one.name!r})"), help=one.help)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for one in self._offered():
            score = max(matcher.match(one.label), matcher.match(one.help))
            if score > 0:
                run = partial(self.screen.run_action, f"ask_preset({one.name!r})")
                yield Hit(score, matcher.highlight(one.label), run, help=one.help)
