"""A claim as a question, so that it can be asked again in another way.

Only the relations that have a plain question in both languages are asked again.
"""

from __future__ import annotations

from backend.ask.prompts import language
from backend.scene import Claim, Relation

_ENGLISH = {
    Relation.LEFT_OF: "Is the {s} left of the {o}?",
    Relation.RIGHT_OF: "Is the {s} right of the {o}?",
    Relation.ABOVE: "Is the {s} above the {o}?",
    Relation.BELOW: "Is the {s} below the {o}?",
    Relation.IN_FRONT_OF: "Is the {s} in front of the {o}?",
    Relation.BEHIND: "Is the {s} behind the {o}?",
    Relation.OCCLUDES: "Does the {s} hide the {o}?",
    Relation.INSIDE: "Is the {s} inside the {o}?",
    Relation.ON: "Is the {s} on the {o}?",
    Relation.NEAR: "Is the {s} near the {o}?",
}
_CHINESE = {
    Relation.LEFT_OF: "{s}在{o}的左边吗？",
    Relation.RIGHT_OF: "{s}在{o}的右边吗？",
    Relation.ABOVE: "{s}在{o}的上方吗？",
    Relation.BELOW: "{s}在{o}的下方吗？",
    Relation.IN_FRONT_OF: "{s}在{o}的前面吗？",
    Relation.BEHIND: "{s}在{o}的后面吗？",
    Relation.OCCLUDES: "{s}挡住了{o}吗？",
    Relation.INSIDE: "{s}在{o}的里面吗？",
    Relation.ON: "{s}在{o}上吗？",
    Relation.NEAR: "{s}在{o}的旁边吗？",
}


def question_about(claim: Claim) -> str | None:
    """The yes-or-no question that the claim answers, in the language of its names; None for one that is not asked again."""
    templates = _CHINESE if language(claim.subject + claim.object) == "zh" else _ENGLISH
    template = templates.get(Relation(claim.relation))
    if template is None or not (claim.subject and claim.object) or claim.frame != "camera":
        return None
    return template.format(s=claim.subject, o=claim.object)
