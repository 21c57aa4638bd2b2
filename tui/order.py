"""Which pictures one question is about, in which order: those that are marked, as the model is shown them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Order:
    """Marked pictures. Every change gives a new order."""

    pictures: tuple[Path, ...] = ()

    def place(self, picture: Path) -> int | None:
        """Its number, counted from 1 as the model counts; None for one that is not marked."""
        return self.pictures.index(picture) + 1 if picture in self.pictures else None

    def sign(self, picture: Path) -> str:
        """That number in one cell; a plus from ten on, empty for one that is not marked."""
        place = self.place(picture)
        return "" if place is None else str(place) if place < 10 else "+"

    def toggled(self, picture: Path) -> Order:
        """With the picture as the last one, or without it."""
        others = tuple(one for one in self.pictures if one != picture)
        return Order(others if picture in self.pictures else (*others, picture))

    def moved(self, picture: Path, by: int) -> Order:
        """With the picture so many places later (negative: earlier), as far as there are places."""
        if picture not in self.pictures:
            return self
        others = [one for one in self.pictures if one != picture]
        at = max(0, min(len(others), self.pictures.index(picture) + by))
        return Order((*others[:at], picture, *others[at:]))
