"""Relations that a question asks about or an answer states, as claims that geometry can check.

Only the four relations that plain boxes decide are read so far, in English and Chinese. What is claimed is what the
*answer* says; where the answer says no more than yes or no, the question's relation is taken, or its negation is left
alone: "no, it is not left of it" does not say where it is.
"""

from __future__ import annotations

import re
from dataclasses import replace

from backend.scene import Claim, Span

_ENGLISH = {
    "left_of": r"(?:to |on |at )?(?:the )?left (?:side )?of",
    "right_of": r"(?:to |on |at )?(?:the )?right (?:side )?of",
    "above": r"above|over|on top of",
    "below": r"below|beneath|underneath|under",
}
_CHINESE = {
    "left_of": "左边|左侧|左面|左方",
    "right_of": "右边|右侧|右面|右方",
    "above": "上边|上面|上方",
    "below": "下边|下面|下方",
}

_NAME = r"(?:the |a |an )?(?P<{}>[\w][\w \-']{{0,60}}?)"
_STATED = [
    (
        relation,
        re.compile(
            rf"\b{_NAME.format('s')} (?:is|are|lies|stands|sits|was)(?P<no> not|n't)? "
            r"(?:clearly |directly |located |just |slightly |placed )*"
            rf"(?:{words}) {_NAME.format('o')}(?= because| since| as | in the |[.,;:!?\n]|$)",
            re.IGNORECASE,
        ),
    )
    for relation, words in _ENGLISH.items()
]
_ASKED = [
    (relation, re.compile(rf"^(?:is|are|does|was) {_NAME.format('s')} (?:{words}) {_NAME.format('o')}\s*[?.]", re.IGNORECASE))
    for relation, words in _ENGLISH.items()
]
_STATED_ZH = [
    (
        relation,
        re.compile(
            rf"(?P<s>[^，。；！？,.;!?\s]{{1,30}}?)(?P<no>不)?(?:是)?在(?P<o>[^，。；！？,.;!?\s]{{1,30}}?)的?(?:{words})(?!吗|么|还是|\?|？)"
        ),
    )
    for relation, words in _CHINESE.items()
]
_ASKED_ZH = [
    (
        relation,
        re.compile(
            rf"^(?P<s>[^，。；！？]{{1,30}}?)(?:是不是|是否|是)?在(?P<o>[^，。；！？]{{1,30}}?)的?(?:{words})(?:吗|么|？|\?)"
        ),
    )
    for relation, words in _CHINESE.items()
]
_AFFIRMED = re.compile(r"^\s*(?:yes\b|correct\b|true\b|right[,.]|是的|对|是[，。]|正确)", re.IGNORECASE)


def stated(answer: str, question: str = "") -> list[Claim]:
    """The claims that `answer` makes, in the order of the text, each once; a bare "yes" claims what `question` asks."""
    found: list[Claim] = []
    for relation, pattern in (*_STATED, *_STATED_ZH):
        for match in pattern.finditer(answer):
            if match["no"] is None:
                found.append(Claim(_name(match["s"]), relation, _name(match["o"]), text_span=_stated_at(match)))
    if not found and (yes := _AFFIRMED.match(answer)) and (claim := asked(question)) is not None:
        return [replace(claim, text_span=_trimmed(answer, *yes.span()))]
    once: dict[tuple[str, str, str], Claim] = {}
    for claim in sorted(found, key=lambda claim: claim.text_span or (0, 0)):
        if claim.subject and claim.object and claim.subject != claim.object:
            once.setdefault((claim.subject, claim.relation, claim.object), claim)
    return list(once.values())


def asked(question: str) -> Claim | None:
    """The relation that a yes-or-no question asks about, if it is one that boxes can decide."""
    for relation, pattern in (*_ASKED, *_ASKED_ZH):
        if match := pattern.search(question.strip()):
            return Claim(_name(match["s"]), relation, _name(match["o"]))
    return None


def _stated_at(match: re.Match[str]) -> Span:
    """The words of a statement, without what the subject's pattern took of the sentence before it."""
    start = match.start("s") + match["s"].rfind(_name(match["s"]))
    return _trimmed(match.string, start, match.end())


def _trimmed(text: str, start: int, end: int) -> Span:
    said = text[start:end]
    return start + len(said) - len(said.lstrip()), start + len(said.rstrip(" \n\t，,.。"))


_LEAD = re.compile(r"^(?:yes|no|so|and|but|then|because|that|the|a|an)\b[ ,]*|^(?:是的?|不是|不|对)[，,]?", re.IGNORECASE)


def _name(text: str) -> str:
    """A noun phrase without what came before it in the sentence."""
    name = text.strip()
    while (shorter := _LEAD.sub("", name).strip()) != name:
        name = shorter
    return name
