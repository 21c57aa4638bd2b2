"""The thresholds of following and of events, each with its unit. The defaults suit boxes that are off by 1 % of a picture."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """When two boxes are one thing."""

    hits: int = 3
    """Observations before a track counts: what is found once or twice may be a mistake."""
    gap: float = 2.0
    """Seconds for which a thing may go unseen and still be the same one."""
    sure: float = 0.3
    """Boxes with a confidence below this go on with tracks but begin none. A box without one counts as sure."""
    iou: float = 0.3
    """With the predicted box, at least."""
    low_iou: float = 0.5
    """The same for boxes that are not sure."""
    label_cost: float = 0.4
    """Added to 1 − IoU where names differ: then IoU must be better by that much to make up for it."""
    sigma: float = 0.01
    """Localisation error of an edge, in shares of the picture's longer side."""
    agility: float = 0.02
    """Spectral density of the acceleration that things are allowed, widths²/s³."""
    reach: float = 3.0
    """How many standard deviations beyond its predicted place a thing of the same name may be found again …"""
    dash: float = 0.5
    """… and how much farther, for it may have set off or halted: widths per second, over half a second at most. Things
    without a name get none of it."""


@dataclass(frozen=True, slots=True)
class EventRules:
    """When something that a track does is worth telling."""

    margin: float = 0.02
    """Twice the localisation error, in shares of the picture's longer side: what is nearer to an edge touches it, and what
    has not moved farther has not changed sides."""
    at_start: float = 0.3
    """Seconds, or one frame: what is first seen so early has been there from the start."""
    unseen: float = 0.3
    """Seconds, and two frames at least, without a thing that is at the picture's edge or may be covered, before it is told."""
    unexplained: float = 0.8
    """Seconds for one that is neither."""
    covered: float = 0.6
    """Share of the predicted box that another box must cover to be named as what hides it."""
    still: float = 0.03
    """Widths per second: slower is standing."""
    moving: float = 0.06
    """Widths per second: faster is moving. Between the two a thing keeps on doing what it did."""
    window: float = 0.8
    """Seconds over which speed is measured."""
    inside: float = 0.6
    """Share of a thing that lies in another's box, from which it is in its region …"""
    outside: float = 0.2
    """… and below which it has left it."""
