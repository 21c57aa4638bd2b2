"""Claims out of sentences: what the answer states; where it only says yes or no, what the question asks.

Where an answer states nothing that a pattern reads, the question's relation is still a claim, so that geometry says what it
can: it then has no words of the answer (`text_span` is None). An answer that says that something is not there claims
nothing, for there is nothing to measure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from backend.ask.claims import chinese as zh
from backend.ask.claims import english as en
from backend.ask.claims.names import is_pronoun, key, name, subject
from backend.ask.claims.pairs import implies
from backend.ask.claims.quoting import unquoted
from backend.ask.emphasis import without_emphasis
from backend.scene import Claim, Relation, Span

_STATED = (
    en.OWN, en.BETWEEN, en.HIDDEN, en.HIDES, en.EXTREME, en.EXTREME_FIRST, en.ALIGNED, en.EXISTS, en.STATED,
    zh.OWN, zh.BETWEEN, zh.HIDDEN, zh.HIDES, zh.DEPTH, zh.EXTREME_FIRST, zh.EXTREME, zh.ALIGNED, zh.CLOSE, zh.STATED,
)  # fmt: skip
"""The more particular ones first: words that one has read are not read by another."""
_ASKED = (
    en.ASKED_OWN, en.ASKED_BETWEEN, en.ASKED_HIDDEN, en.ASKED_HIDES, en.ASKED_EXTREME, en.ASKED,
    zh.ASKED_BETWEEN, zh.ASKED_HIDDEN, zh.ASKED_HIDES, zh.ASKED_DEPTH, zh.ASKED,
)  # fmt: skip
_FIXED = {
    en.BETWEEN: Relation.BETWEEN, zh.BETWEEN: Relation.BETWEEN, en.ASKED_BETWEEN: Relation.BETWEEN,
    zh.ASKED_BETWEEN: Relation.BETWEEN, en.ALIGNED: Relation.ALIGNED_WITH, zh.ALIGNED: Relation.ALIGNED_WITH,
    zh.CLOSE: Relation.NEAR,
}  # fmt: skip
_OWN = (en.OWN, zh.OWN, en.ASKED_OWN)
_EXTREMES = (Relation.NEAREST, Relation.FARTHEST)
_SENTENCE = re.compile(r"[^.。!！?？\n]+")
_LONGEST = 400
"""Characters of a sentence that are read: what goes on for longer is no prose, and costs a millisecond for three of them."""
_BARE_NAME = re.compile(
    r"^\s*(?:it is |it's |that is |是|最[近远]的是)?(?:the )?(?P<s>[^.。,，;；!！?？\n]{1,60})[.。]?\s*$", re.IGNORECASE
)


def stated(answer: str, question: str = "", thing: str = "") -> list[Claim]:
    """The claims that `answer` makes, in the order of the text, each once; a bare "yes" or "no" claims what `question` asks.

    Names keep their spelling. A pronoun stands for what the question asks about: the subject of its relation, or the
    `thing` that it asks for.
    """
    said = without_emphasis(unquoted(answer))
    answer, question = said.text, unquoted(question)
    found = list(_read(answer))
    found += _implied(answer, question, found)
    if not found and not (en.ABSENT.search(answer) or zh.ABSENT.search(answer)):
        found = _from_question(answer, question)
    frame = _viewer(answer) or _viewer(question)
    wondered = asked(question)
    once: dict[tuple[str, str, str, str], Claim] = {}
    for claim in sorted(found, key=lambda claim: claim.text_span or (0, 0)):
        settled = _settled(claim, wondered, frame, name(thing))
        if settled.text_span is not None:
            settled = replace(settled, text_span=said.origin(settled.text_span))
        if key(settled.subject) not in (key(settled.object), ""):
            once.setdefault((key(settled.subject), settled.relation, key(settled.object), key(settled.other)), settled)
    return list(once.values())


def asked(question: str) -> Claim | None:
    """The relation that a yes-or-no question asks about, if it is one that geometry knows."""
    question = unquoted(question)
    for pattern in _ASKED:
        if match := pattern.search(question.strip()):
            claim = _claim(match, pattern)
            return replace(claim, frame=_viewer(question) or claim.frame, text_span=None)
    return None


def _read(text: str) -> Iterator[Claim]:
    """Every statement, by whichever pattern reads its words first."""
    for sentence in _SENTENCE.finditer(text):
        start, end = sentence.start(), min(sentence.end(), sentence.start() + _LONGEST)
        if text[sentence.end() : sentence.end() + 1] in ("?", "？"):  # a question that the model asks itself
            continue
        yield from _in_sentence(text, start, end)


def _in_sentence(text: str, start: int, end: int) -> Iterator[Claim]:
    taken: list[Span] = []
    for pattern in _STATED:
        for match in pattern.finditer(text, start, end):
            if any(match.start() < stop and begin < match.end() for begin, stop in taken):
                continue
            taken.append(match.span())
            claim = _claim(match, pattern)
            yield claim
            yield from _continued(claim, text, match.end(), end, taken)


def _continued(before: Claim, text: str, start: int, end: int, taken: list[Span]) -> Iterator[Claim]:
    """… and right of the fork."""
    while match := en.CONTINUED.match(text, start, end):
        taken.append(match.span())
        yield replace(
            before,
            relation=_relation(match, en.CONTINUED).value,
            object=name(match["o"]),
            other="",
            frame="camera",
            text_span=_trimmed(text, match.start(), match.end()),
        )
        start = match.end()


def _claim(match: re.Match[str], pattern: re.Pattern[str]) -> Claim:
    groups = match.groupdict()
    said = subject(groups["s"] or "")
    relation = _relation(match, pattern)
    return Claim(
        said,
        relation.value,
        name(groups.get("o") or ""),
        "object" if pattern in _OWN else "camera",
        other=name(groups.get("p") or ""),
        negated=groups.get("no") is not None,
        text_span=_stated_at(match, said),
    )


def _relation(match: re.Match[str], pattern: re.Pattern[str]) -> Relation:
    fixed = _FIXED.get(pattern)
    return fixed or next(Relation(group.rstrip("_")) for group, text in match.groupdict().items() if text and group in _GROUPS)


_GROUPS = frozenset(name for relation in Relation for name in (relation.value, f"{relation.value}_"))


def _implied(answer: str, question: str, found: list[Claim]) -> list[Claim]:
    """What the yes or no before a statement says beside it: “no, it is above it” also denies that it is left of it."""
    wondered = asked(question)
    yes, no = _yes_or_no(answer)
    if wondered is None or not found or (yes or no) is None:
        return []
    implied = replace(wondered, negated=no is not None, text_span=_trimmed(answer, *(yes or no).span()))  # type: ignore[union-attr]
    return [] if any(implies(_settled(claim, wondered, ""), implied) for claim in found) else [implied]


def _yes_or_no(answer: str) -> tuple[re.Match[str] | None, re.Match[str] | None]:
    """The word that the answer begins with, as yes and as no; at most one of them is there."""
    yes = en.AFFIRMED.match(answer) or zh.AFFIRMED.match(answer)
    return yes, None if yes else en.DENIED.match(answer) or zh.DENIED.match(answer)


def _from_question(answer: str, question: str) -> list[Claim]:
    """What an answer means that states nothing by itself."""
    wondered = asked(question)
    if wondered is None:
        return _picked(answer, question)
    yes, no = (
        first.match(answer) or second.match(answer) for first, second in ((en.AFFIRMED, zh.AFFIRMED), (en.DENIED, zh.DENIED))
    )
    span = next((_trimmed(answer, *match.span()) for match in (yes, no) if match), None)
    return [replace(wondered, negated=wondered.negated != (no is not None and yes is None), text_span=span)]


def _picked(answer: str, question: str) -> list[Claim]:
    """The name that answers “which box is nearest?”."""
    which = en.WHICH.search(question) or zh.WHICH.search(question)
    alone = _BARE_NAME.match(answer)
    if which is None or alone is None:
        return []
    groups = which.groupdict()
    relation = Relation.NEAREST if groups["nearest"] or groups.get("nearest_") else Relation.FARTHEST
    among = name(groups["o"] or groups.get("o_") or groups.get("o__") or "")
    return [Claim(name(alone["s"]), relation.value, among, text_span=_trimmed(answer, *alone.span("s")))]


def _settled(claim: Claim, wondered: Claim | None, frame: str, thing: str = "") -> Claim:
    """With what its pronouns stand for, and in the frame that the text names."""
    if wondered is not None and is_pronoun(claim.subject) and not is_pronoun(wondered.subject):
        claim = replace(claim, subject=wondered.object if key(claim.object) == key(wondered.subject) else wondered.subject)
    if wondered is not None and is_pronoun(claim.object) and wondered.object:
        claim = replace(claim, object=wondered.subject if key(claim.subject) == key(wondered.object) else wondered.object)
    if thing and is_pronoun(claim.subject) and key(claim.object) != key(thing):
        claim = replace(claim, subject=thing)
    if claim.relation in _EXTREMES and is_pronoun(claim.object):
        claim = replace(claim, object="")
    return replace(claim, frame=frame) if frame and claim.frame == "camera" else claim


def _viewer(text: str) -> str:
    return "viewer" if en.VIEWER.search(text) or zh.VIEWER.search(text) else ""


def _stated_at(match: re.Match[str], said: str) -> Span:
    """The words of a statement, without what the subject's pattern took of the sentence before it."""
    whole = match["s"] or ""
    first = min(match.start("s"), match.start("o")) if match.groupdict().get("o") else match.start("s")
    start = match.start("s") + max(whole.rfind(said), 0) if first == match.start("s") else match.start()
    return _trimmed(match.string, start, match.end())


def _trimmed(text: str, start: int, end: int) -> Span:
    words = text[start:end]
    return start + len(words) - len(words.lstrip(" \n\t，,")), start + len(words.rstrip(" \n\t，,.。"))
