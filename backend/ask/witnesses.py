"""What other networks say of a claim, and what that does to its verdict.

A witness never rules: it only takes back. Where it denies what geometry confirms, or supports what geometry contradicts, one of
the two is wrong and nobody here knows which; the verdict is then undetermined, and the reason gives both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from backend.ask.evidence import rivals_of
from backend.language import N_, _
from backend.scene import Box, Claim, DepthMap, Relation, Ruling, Verdict, Witness
from backend.scene.phrasing import ruling
from backend.spatial.depth import witness_of

_WHO = {"depth": N_("the depth map"), "words": N_("the text reader")}


def with_depth(claim: Claim, boxes: Sequence[Box], depth: DepthMap) -> Claim:
    """The claim with what a depth map says of it; as it was where the map has nothing to say."""
    subject = next((box for box in boxes if box.id and box.id == claim.subject_id), None)
    extreme = claim.relation in (Relation.NEAREST, Relation.FARTHEST)
    rivals = rivals_of(claim, subject, boxes) if subject is not None and extreme else []
    witness = witness_of(claim, boxes, depth, rivals)
    if witness is None:
        return claim
    verdict = None if claim.verdict is None else heard(claim.verdict, witness)
    return replace(claim, witnesses=(*claim.witnesses, witness), verdict=verdict)


def heard(verdict: Verdict, witness: Witness) -> Verdict:
    """The verdict, taken back where the witness says otherwise."""
    against = {Ruling.CONFIRMED: False, Ruling.CONTRADICTED: True}
    if witness.agrees is None or against.get(verdict.ruling) is not witness.agrees:
        return verdict
    reason = _("{witness} disagrees ({reason}); the boxes alone: {ruling}").format(
        witness=_(_WHO.get(witness.kind, witness.kind)), reason=witness.reason, ruling=ruling(verdict)
    )
    return replace(verdict, ruling=Ruling.UNDETERMINED, reason=f"{reason}: {verdict.reason}", confidence=None)
