"""What is true of a drawn scene, whatever any box says."""

from __future__ import annotations

import math

from backend.scene import Box, Box3D, Claim, Relation
from backend.spatial.relations import Grounds, Thing, judge
from backend.synthetic.answers import Language, named
from backend.synthetic.perspective import Solid, SolidScene
from backend.synthetic.scenes import AnyScene
from backend.synthetic.scenes import Thing as Drawn


def thing(item: Drawn, language: Language) -> Thing:
    """An object with its true boxes."""
    label = named(item, language)
    solid = None
    if isinstance(item, Solid):
        solid = Box3D(item.centre3d, item.size, 0.0, item.yaw * math.pi, 0.0, label)
    return Thing(Box(*item.box, label=label), solid)


def sigma_of(scene: AnyScene, share: float = 0.01) -> float:
    """σ in pixels, as for a model that has not been measured."""
    return max(1.0, share * max(scene.width, scene.height))


def holds(relation: str, a: Drawn, b: Drawn, scene: AnyScene) -> bool:
    """Whether the relation is true: by centres in the picture, by the ground in depth, by outlines where one hides another."""
    match Relation(relation):
        case Relation.LEFT_OF:
            return a.centre[0] < b.centre[0]
        case Relation.RIGHT_OF:
            return a.centre[0] > b.centre[0]
        case Relation.ABOVE:
            return a.centre[1] < b.centre[1]
        case Relation.BELOW:
            return a.centre[1] > b.centre[1]
        case Relation.IN_FRONT_OF:
            return _distance(a) < _distance(b)
        case Relation.BEHIND:
            return _distance(a) > _distance(b)
        case Relation.OCCLUDES:
            return _hidden(scene, b, a) > 0
        case other:
            raise ValueError(f"nothing is known of {other} in a drawn scene")


def is_known(relation: str, item: Drawn) -> bool:
    """Whether the scene decides it: there is no depth among flat shapes."""
    plane = (Relation.LEFT_OF, Relation.RIGHT_OF, Relation.ABOVE, Relation.BELOW)
    deep = (Relation.IN_FRONT_OF, Relation.BEHIND, Relation.OCCLUDES)
    return relation in plane or (relation in deep and isinstance(item, Solid))


def is_true(claim: Claim, a: Drawn, b: Drawn, scene: AnyScene) -> bool:
    """Whether what the claim says is so."""
    return holds(claim.relation, a, b, scene) != claim.negated


def ruled_by_truth(claim: Claim, a: Drawn, b: Drawn, scene: AnyScene, language: Language) -> str:
    """The ruling that the true boxes give; where it is undetermined the truth is not clear."""
    return judge(claim, Grounds(thing(a, language), thing(b, language)), sigma_of(scene)).ruling.value


def _distance(item: Drawn) -> float:
    assert isinstance(item, Solid)
    return item.distance


def _hidden(scene: AnyScene, item: Drawn, by: Drawn) -> float:
    assert isinstance(scene, SolidScene)
    assert isinstance(item, Solid)
    assert isinstance(by, Solid)
    return scene.hidden(item, by=by)
