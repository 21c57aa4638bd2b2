"""Claims about the same two things: mirrored, exchanged, and whether one of them follows from another, or denies it."""

from __future__ import annotations

from dataclasses import replace

from backend.ask.claims.names import key
from backend.scene import Claim, Relation

_MIRRORED = {Relation.LEFT_OF: Relation.RIGHT_OF, Relation.RIGHT_OF: Relation.LEFT_OF}
_OPPOSITE = {
    **_MIRRORED,
    Relation.ABOVE: Relation.BELOW,
    Relation.BELOW: Relation.ABOVE,
    Relation.IN_FRONT_OF: Relation.BEHIND,
    Relation.BEHIND: Relation.IN_FRONT_OF,
}
_SYMMETRIC = (Relation.NEAR, Relation.ALIGNED_WITH)


def as_seen_mirrored(claim: Claim) -> Claim:
    """The same claim about the picture with left and right exchanged."""
    relation = Relation(claim.relation)
    return replace(claim, relation=_MIRRORED.get(relation, relation).value)


def exchanged(claim: Claim) -> Claim | None:
    """The same claim with subject and object in each other's places; None where it has no such form."""
    relation = Relation(claim.relation)
    swapped = relation if relation in _SYMMETRIC else _OPPOSITE.get(relation)
    return None if swapped is None else replace(claim, subject=claim.object, object=claim.subject, relation=swapped.value)


def agreement(claim: Claim, answered: Claim) -> bool | None:
    """Whether an answer about the same two things says the same; None where it speaks of something else.

    What is left of a thing may also be above it, so that only the same relation, or its opposite, tells anything.
    """
    turned = _turned(answered, claim)
    if turned is None:
        return None
    if turned.relation == claim.relation:
        return claim.negated == turned.negated
    if _opposed(claim, turned):
        return None if claim.negated or turned.negated else False
    return None


def implies(claim: Claim, other: Claim) -> bool:
    """Whether `other` need not be said any more where `claim` is: it is the same, or the denial of the opposite."""
    turned = _turned(claim, other)
    if turned is None:
        return False
    if turned.relation == other.relation:
        return turned.negated == other.negated
    return _opposed(turned, other) and other.negated and not turned.negated


def _turned(claim: Claim, like: Claim) -> Claim | None:
    """The claim with its things in the order of `like`; None where it is about others."""
    pair, said = (key(like.subject), key(like.object)), (key(claim.subject), key(claim.object))
    if said == pair:
        return claim
    return exchanged(claim) if said == pair[::-1] else None


def _opposed(one: Claim, other: Claim) -> bool:
    return _OPPOSITE.get(Relation(one.relation)) == other.relation
