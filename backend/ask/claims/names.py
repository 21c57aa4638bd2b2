"""Noun phrases as they are cut out of sentences: without articles, without what stood before them, never without a limit.

A pattern can only say where a name may begin, so it takes too much; what it took is cut back here.
"""

from __future__ import annotations

import re

_LEAD = re.compile(
    r"^(?:yes|no|so|and|but|then|therefore|because|since|that|the|a|an|this|both)\b[ ,]*"
    r"|^(?:是的?|不是|不|对|因此|所以|那么|可见)[，,]?",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"\b(?:that(?! (?:says?|reads?|is (?:labell?ed|marked))\b)"
    r"|because|since|while|whereas|and|but|so|as|where|means|shows?|know)\b",
    re.IGNORECASE,
)
"""Words after which a new clause begins: of what stands before a verb only the part after the last of them is its subject."""

PRONOUNS = frozenset(
    (
        "it",
        "they",
        "this",
        "that",
        "he",
        "she",
        "one",
        "these",
        "those",
        "which",
        "what",
        "who",
        "there",
        "它",
        "它们",
        "这",
        "那",
    )
)


def name(text: str) -> str:
    """A noun phrase without article and without what came before it in the sentence."""
    found = text.strip()
    while (shorter := _LEAD.sub("", found).strip()) not in ("", found):  # a thing may be called A
        found = shorter
    return found


def subject(text: str) -> str:
    """What is left of everything before a verb: the last clause's beginning."""
    clauses = _CLAUSE.split(text)
    found = name(clauses[-1])
    if not found and len(clauses) > 1:  # "that is left of it": the word itself is the subject
        return name(text)
    return found


def is_pronoun(text: str) -> bool:
    """Whether the name only points at something named elsewhere."""
    return text.casefold() in PRONOUNS


def key(text: str) -> str:
    """Two names with one key are the same name."""
    return name(text).casefold()
