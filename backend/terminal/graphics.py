"""Which way of drawing pictures is best, by what a terminal answered, by what it is, and by what stands in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backend.language import N_
from backend.terminal.brands import Brand, by_environment, has_sixel, has_true_colour, knows_placeholders, named
from backend.terminal.environment import GRAPHICS, Depth, Graphics, depth, has_unicode
from backend.terminal.replies import Answers
from backend.terminal.tmux import Tmux

_CLOSED = {"zellij": N_("zellij lets no pictures through"), "screen": N_("screen lets no pictures through")}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What pictures are drawn with, and why."""

    graphics: Graphics
    reason: str
    """English, translated where it is shown."""
    terminal: str = ""
    """Its name, as far as it is known."""
    through_tmux: bool = False
    """What is meant for the terminal has to be wrapped for tmux."""


def decide(
    environment: Mapping[str, str], encoding: str, answers: Answers, tmux: Tmux | None = None, *, insisted: str | None = None
) -> Verdict:
    """The way to draw. `insisted`: what the user wants, whatever the terminal says; colours and characters that are not there
    cannot be had by insisting."""
    brand, name = _who(environment, answers, tmux)
    shown = name or (brand.name if brand else "")
    through = tmux is not None and tmux.passthrough
    if depth(environment) == "none":
        if not has_unicode(environment, encoding) or insisted == "ascii":
            return Verdict("ascii", N_("neither colour nor Unicode") if insisted != "ascii" else N_("asked for"), shown)
        return Verdict("braille", N_("no colour (NO_COLOR, or a terminal without)"), shown)
    if insisted is not None and insisted != "auto":
        return Verdict(_of(insisted), N_("asked for"), shown, through and insisted == "kitty")
    if not has_unicode(environment, encoding):
        if has_sixel(brand, answers) and not _between(environment):
            return Verdict("sixel", N_("its device attributes name sixel"), shown)
        return Verdict("ascii", N_("no Unicode"), shown)
    return _best(environment, answers, tmux, brand, name)


def colours(environment: Mapping[str, str], answers: Answers, tmux: Tmux | None = None) -> Depth:
    """How many colours there are. TERM often says less than there is, and COLORTERM is lost on the way through SSH: a terminal
    that is known to have them all is believed rather than they. Who asks for fewer (NO_COLOR, TERM=xterm-16color) gets them."""
    said = depth(environment)
    if said in ("none", "true colour") or environment.get("TERM", "").lower().endswith(("-16color", "-88color", "-mono")):
        return said
    if (between := _between(environment)) is not None:
        return "true colour" if between == "tmux" and tmux is not None and tmux.true_colour else said
    name = answers.version or environment.get("TERM", "")
    return "true colour" if has_true_colour(named(name), name) else said


def takes_long_styles(environment: Mapping[str, str], answers: Answers) -> bool:
    """Whether attributes and two 24-bit colours may be written in one sequence."""
    brand, _name = _who(environment, answers, None)
    return brand is None or not brand.short_styles


def _best(environment: Mapping[str, str], answers: Answers, tmux: Tmux | None, brand: Brand | None, name: str) -> Verdict:
    shown = name or (brand.name if brand else "")
    if (between := _between(environment)) is not None and between != "tmux":
        return Verdict("half-blocks", _CLOSED[between], shown)
    if between == "tmux":
        if tmux is None:
            return Verdict("half-blocks", N_("tmux did not answer"), shown)
        if knows_placeholders(brand, name):
            if tmux.passthrough:
                return Verdict("kitty", N_("it stands behind tmux, which lets pictures through"), shown, through_tmux=True)
            return Verdict("half-blocks", N_("tmux lets no pictures through: set -g allow-passthrough on"), shown)
        if tmux.sixel and 4 in (answers.attributes or ()):
            return Verdict("sixel", N_("tmux passes sixel on to a terminal that takes it"), shown)
        return Verdict("half-blocks", N_("neither tmux nor the terminal behind it takes pictures"), shown)
    if knows_placeholders(brand, name) and answers.kitty is not False and (answers.kitty or answers.version):
        return Verdict("kitty", N_("takes pictures, and knows placeholders"), shown)
    if has_sixel(brand, answers):
        why = brand.reason if brand is not None and (brand.sixel or answers.kitty) else N_("its device attributes name sixel")
        return Verdict("sixel", why, shown)
    if not answers.raw:
        why = brand.reason if brand is not None and brand.silent else N_("the terminal did not answer")
        return Verdict("half-blocks", why, shown)
    if answers.kitty:
        return Verdict(
            "half-blocks", brand.reason if brand else N_("takes kitty's pictures, but is not known to know placeholders"), shown
        )
    return Verdict("half-blocks", N_("it takes no pictures"), shown)


def _who(environment: Mapping[str, str], answers: Answers, tmux: Tmux | None) -> tuple[Brand | None, str]:
    """The terminal and the name it goes by: by its own word, tmux's, or the environment's."""
    if environment.get("TMUX"):
        client = tmux.client if tmux is not None else ""
        return named(client), client
    if answers.version:
        return named(answers.version), answers.version
    return by_environment(environment), ""


def _between(environment: Mapping[str, str]) -> str | None:
    """What stands between the program and its terminal, the innermost first."""
    term = environment.get("TERM", "")
    if environment.get("ZELLIJ"):
        return "zellij"
    if environment.get("TMUX"):
        return "tmux"
    return "screen" if environment.get("STY") or term == "screen" or term.startswith("screen.") else None


def _of(insisted: str) -> Graphics:
    return next(graphics for graphics in GRAPHICS if graphics == insisted)
