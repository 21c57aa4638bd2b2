"""What a claim stands on: where its things are, as far as that is known."""

from __future__ import annotations

from dataclasses import dataclass

from backend.scene import Box, Box3D


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of a claim: its rectangle, and its solid box where the model gave one."""

    box: Box
    solid: Box3D | None = None


@dataclass(frozen=True, slots=True)
class Grounds:
    """The things that a claim speaks of. Of nearest and farthest, `rivals` are all that the subject is compared with."""

    subject: Thing
    object: Thing | None = None
    other: Thing | None = None
    rivals: tuple[Thing, ...] = ()

    @property
    def pictures(self) -> frozenset[int]:
        """Which pictures they lie in."""
        things = (self.subject, self.object, self.other, *self.rivals)
        return frozenset(thing.box.picture for thing in things if thing is not None)
