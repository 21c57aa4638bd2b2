"""The command palette's commands: the registry's actions that work from anywhere."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from backend.language import _
from backend.preferences import Preferences
from tui.actions import ACTIONS, Action, Where, shown_keys


class ActionCommands(Provider):
    """Offers what the focused screen can do now."""

    def _offered(self) -> list[Action]:
        here = {active.binding.action for active in self.screen.active_bindings.values() if active.enabled}
        return [action for action in ACTIONS if action.palette and action.name in here]

    async def discover(self) -> Hits:
        for action in self._offered():
            yield DiscoveryHit(self._title(action), partial(self.screen.run_action, _target(action)), help=_(action.help))

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for action in self._offered():
            score = matcher.match(self._title(action))
            if score > 0:
                run = partial(self.screen.run_action, _target(action))
                yield Hit(score, matcher.highlight(self._title(action)), run, help=_(action.help))

    def _title(self, action: Action) -> str:
        preferences = getattr(self.app, "preferences", None)
        own = preferences.keys if isinstance(preferences, Preferences) else None
        return f"{_(action.label)} ({shown_keys(action, own=own)})"


def _target(action: Action) -> str:
    """Those of the app are run there, the rest on the screen."""
    return f"app.{action.name}" if action.where is Where.ANYWHERE else action.name


def _title(action: Action) -> str:
    return f"{action.label} ({shown_keys(action)})"
