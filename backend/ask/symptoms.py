"""What the self-test's errors say about their cause.

Three things go wrong in practice, and each leaves its own trace: a runtime that adds bars to pictures or computes
positions wrongly displaces boxes along a line; a projector of another model puts them anywhere; a budget of image
tokens that is too small makes them coarse, and more tokens mend that. What stands below is only said where the errors
are far beyond what chance makes of so few scenes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from backend.ask.selftest import LARGE, SIZES, Outcome
from backend.language import _
from backend.spatial.localisation import AxisFit, Sighting, fit_across, fit_down, sigma_share

DISPLACED = 0.015
"""A line that moves boxes by more than this share of a side is a fault, if it is also…"""
SURE = 4
"""… as many of its own standard errors."""
_FOLLOWS = 0.25
"""A scale below this says that boxes do not move with their things."""
COARSE = 0.03
"""σ above this share of the longer side is too large for any model that sees the picture."""
MANY_MISSED = 0.25
FINER = 0.6
"""σ with more image tokens, over σ as usual, from which on the usual budget is too small."""


@dataclass(frozen=True, slots=True)
class Symptom:
    """Something that is off, and what to do about it."""

    message: str
    cure: str


def symptoms(outcome: Outcome, settings: str) -> list[Symptom]:
    """What is off, the most telling first. `settings`: the user's models.toml, for the cures."""
    name = str(outcome.setting["model"])
    found = list(_displaced(outcome, name, settings))
    return [*found, *([] if found else _large(outcome, name)), *_starved(outcome, name, settings)]


def _displaced(outcome: Outcome, name: str, settings: str) -> Iterator[Symptom]:
    """Errors along a line: squeezed where pictures are far from square, or everywhere the same."""
    squeezed = {size: scale for size in SIZES if (scale := _squeezed(size, outcome.of_size(size))) is not None}
    everywhere = _patterns(outcome.sightings)
    if len(squeezed) > 1:
        (width, height), scale = min(squeezed.items(), key=lambda item: item[1])
        axis = "height" if width > height else "width"
        yield Symptom(
            _(
                "boxes are squeezed along the {axis} of {width}×{height} px pictures (to {scale:.0%}), as "
                "when a picture is letterboxed before the model sees it"
            ).format(axis=axis, width=width, height=height, scale=scale),
            cure=_(
                "the runtime adds bars to pictures: install the llama-cpp-python that sightline is locked "
                "to (scripts/setup --fresh); of a server, switch off its own resizing"
            ),
        )
    elif everywhere:
        yield Symptom(
            _("boxes are displaced in one pattern at every size ({everywhere})").format(everywhere="; ".join(everywhere)),
            cure=_(
                "if they are a factor off, the model writes other units: set coordinates under "
                "[models.{name}] in {settings}; otherwise the mmproj is of another model: sightline models "
                "check {name}, then pull both files anew"
            ).format(name=name, settings=settings),
        )


def _squeezed(size: tuple[int, int], seen: list[Sighting]) -> float | None:
    """To what share the shorter axis shrank towards its middle while the longer one did not; None where it did not."""
    shorter, longer = (fit_down(seen), fit_across(seen)) if size[0] > size[1] else (fit_across(seen), fit_down(seen))
    if size[0] == size[1] or shorter is None or longer is None:
        return None
    return shorter.scale if _is_fault(shorter) and shorter.squeezed and not _is_fault(longer) else None


def _patterns(seen: list[Sighting]) -> list[str]:
    fits = (("horizontally", fit_across(seen)), ("vertically", fit_down(seen)))
    return [
        _("{way} × {scale:.3f} {offset:+.1%} of the side").format(way=way, scale=fit.scale, offset=fit.offset)
        for way, fit in fits
        if fit and _is_fault(fit)
    ]


def _is_fault(fit: AxisFit) -> bool:
    """A line that is there (boxes that follow nothing at all have none), is off, and is not so by chance."""
    return fit.scale > _FOLLOWS and fit.displacement > max(DISPLACED, SURE * fit.error)


def _large(outcome: Outcome, name: str) -> Iterator[Symptom]:
    sigma, asked = outcome.sigma, len(outcome.sightings)
    if outcome.missed > MANY_MISSED * asked or sigma is None or sigma > COARSE:
        spread = _("nothing was found") if sigma is None else _("σ is {sigma:.1%} of the longer side").format(sigma=sigma)
        yield Symptom(
            _(
                "{spread}, and {missed} of {asked} things were not found or taken for others: far worse "
                "than a model that sees its picture"
            ).format(spread=spread, missed=outcome.missed, asked=asked),
            cure=_(
                "the mmproj may belong to another model of the same width, which no header tells: take "
                "both files from one repository (sightline models pull {name}), and not the smallest "
                "quantisation"
            ).format(name=name),
        )


def _starved(outcome: Outcome, name: str, settings: str) -> Iterator[Symptom]:
    """The same large scenes with the usual budget and with a wider one."""
    wide = [look for look in outcome.looks if look.wider]
    usual = [s for look in outcome.looks if not look.wider and max(look.size) >= LARGE for s in look.sightings]
    coarse, fine = sigma_share(usual), sigma_share(sighting for look in wide for sighting in look.sightings)
    if coarse and fine and fine < FINER * coarse:
        budget = wide[0].budget
        yield Symptom(
            _(
                "with {budget:,} image tokens large pictures are located {coarse:.1f} times more precisely "
                "(σ {fine:.2%} instead of {coarse_2:.2%}): the token budget is too small"
            ).format(budget=budget, coarse=coarse / fine, fine=fine, coarse_2=coarse),
            cure=_("set image_tokens.default = {budget} under [models.{name}] in {settings}").format(
                budget=budget, name=name, settings=settings
            ),
        )
