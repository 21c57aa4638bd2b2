"""Geometry's rulings on claims: one rule for each relation, three possible answers."""

from backend.spatial.relations.grounds import Grounds, Thing
from backend.spatial.relations.judge import judge

__all__ = ["Grounds", "Thing", "judge"]
