"""The command palette: actions of the registry, presets of the user's own, themes and languages, with their keys.

What cannot be done now is listed below the rest, greyed, and says why: who looks for it should find that it is there.
All that is shown is content, never markup, as labels of presets are written by users.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from backend.errors import SightlineError
from backend.language import LANGUAGES, N_, _, spoken
from backend.preferences import THEMES, Preferences
from tui.actions import ACTIONS, Action, Where, shown_keys, spelled
from tui.presets import own

_THEMES = {
    "auto": N_("as the terminal's background"),
    "dark": N_("dark"),
    "light": N_("light"),
    "high-contrast": N_("high contrast"),
}
assert set(_THEMES) == set(THEMES)
_ALSO = 0.6
"""How much less it counts that the words of an explanation were typed, or a name that is not shown."""
_GREYED = 0.5
"""And how much less that it cannot be done."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A line of the palette, with a line of explanation below it."""

    title: str
    about: str
    run: Callable[[], object]
    keys: str = ""
    also: str = ""
    """Other words by which it is found: those of English, and what config.toml calls it."""
    why_not: str = ""
    """Why it cannot be done now; empty where it can."""

    def shown(self, lit: tuple[int, ...] = ()) -> Content:
        """With the characters at these places of the title lit up."""
        title = Content.styled(self.title, "not bold $faint" if self.why_not else "")
        for at in lit:
            title = title.stylize("bold underline", at, at + 1)
        keys = (f"  {self.keys}", "$faint" if self.why_not else "$accent") if self.keys else ""
        below = f"{self.why_not} · {self.about}" if self.why_not else self.about
        return Content.assemble(title, keys, (f"\n{below}", "not bold $faint"))


class Commands(Provider):
    """Everything that can be commanded on the screen below the palette."""

    async def discover(self) -> Hits:
        for offer in sorted(self._offers(), key=lambda one: bool(one.why_not)):
            yield DiscoveryHit(offer.shown(), offer.run, text=offer.title)

    async def search(self, query: str) -> Hits:
        found, matcher, words = False, self.matcher(query), query.casefold().split()
        for offer in self._offers():
            score, lit = matcher.fuzzy_search.match(query, offer.title)
            if not score and all(word in f"{offer.about} {offer.also}".casefold() for word in words):
                score, lit = _ALSO, ()
            if score > 0:
                found = True
                yield Hit(score * (_GREYED if offer.why_not else 1), offer.shown(tuple(lit)), offer.run, text=offer.title)
        if not found:
            nothing = _("Nothing is called so.")
            yield Hit(_GREYED, Content.styled(nothing, "$faint"), lambda: None, text=nothing)

    def _offers(self) -> Iterator[Offer]:
        yield from self._actions()
        yield from self._presets()
        for wish in THEMES:
            title = _("Theme: {name}").format(name=_(_THEMES[wish]))
            run = partial(self.screen.run_action, f"app.use_theme({wish!r})")
            yield Offer(title, _("The colours of the app, from now on"), run, also=f"theme colours {wish}")
        for code, name in LANGUAGES.items():
            title = _("Language: {name}").format(name=name)
            about = _("This is spoken now") if code == spoken() else _("What the app speaks, from now on")
            yield Offer(title, about, partial(self.screen.run_action, f"app.speak({code!r})"), also=f"language 语言 {code}")

    def _actions(self) -> Iterator[Offer]:
        """Those of the app, of the screen and of what has the focus."""
        focused = self.screen.focused
        nodes = [self.app, self.screen, *(focused.ancestors_with_self if focused is not None else ())]
        here = {binding.id: node for node in nodes for binding in type(node).BINDINGS if isinstance(binding, Binding)}
        preferences = getattr(self.app, "preferences", None)
        bound = preferences.keys if isinstance(preferences, Preferences) else None
        for action in ACTIONS:
            if not action.palette or action.known_as not in here:
                continue
            name, arguments = _called(action)
            possible = here[action.known_as].check_action(name, arguments)
            keys = shown_keys(action, own=bound)
            yield self._offer(
                _(action.label),
                _(action.help),
                _target(action),
                keys="" if keys == "-" else keys,
                also=f"{action.label} {action.help} {action.known_as}",
                why_not="" if possible else self._why_not(name),
            )

    def _presets(self) -> Iterator[Offer]:
        """The user's own; the shipped ones are actions."""
        try:
            presets = own() if hasattr(self.screen, "action_ask_preset") else ()
        except SightlineError:  # which is said when one is asked
            return
        for one in presets:
            possible = self.screen.check_action("ask_preset", (one.name,))
            keys = "  ".join(map(spelled, filter(None, one.keys.split(","))))
            why_not = "" if possible else self._why_not("ask_preset")
            yield self._offer(one.label, one.help, f"ask_preset({one.name!r})", keys=keys, also=one.name, why_not=why_not)

    def _offer(self, title: str, about: str, target: str, *, keys: str, also: str, why_not: str) -> Offer:
        if why_not:
            said = _("{action}: {reason}").format(action=title, reason=why_not)
            return Offer(title, about, partial(self.app.notify, said, severity="warning", markup=False), keys, also, why_not)
        return Offer(title, about, partial(self.screen.run_action, target), keys, also)

    def _why_not(self, name: str) -> str:
        """What the screen says of it."""
        tells = getattr(self.screen, "why_not", None)
        return str(tells(name)) if callable(tells) else _("not now")


def _called(action: Action) -> tuple[str, tuple[object, ...]]:
    """Name and arguments of its method."""
    from textual.actions import parse

    _namespace, name, arguments = parse(action.name)
    return name, arguments


def _target(action: Action) -> str:
    """Those of the app are run there, the rest on the screen."""
    return f"app.{action.name}" if action.where is Where.ANYWHERE else action.name
