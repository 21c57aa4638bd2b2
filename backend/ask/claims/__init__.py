"""Relations in words: what an answer states, what a question asks, and how a claim is asked about."""

from backend.ask.claims.pairs import agreement, as_seen_mirrored, exchanged
from backend.ask.claims.questions import question_about
from backend.ask.claims.quoting import written_on
from backend.ask.claims.statements import asked, stated

EVERYTHING = frozenset(("", "object", "thing", "item", "one", "物体", "东西", "个"))
"""Names that leave open what is compared."""

__all__ = ["EVERYTHING", "agreement", "as_seen_mirrored", "asked", "exchanged", "question_about", "stated", "written_on"]
