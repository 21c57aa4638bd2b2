"""Claims about several pictures: each is judged within one picture, never across two.

Places of two pictures have nothing to do with each other, so that both things of a claim must be found in one. Which one is
meant the sentence may say (“in picture 2 …”); else every picture counts that shows both, and they must agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from backend.ask import prompts
from backend.ask.claims.names import is_pronoun
from backend.ask.evidence import boxes_for, ruled
from backend.ask.measured import Localisation
from backend.ask.parsing.which import named_last
from backend.ask.wish import Sought, Wish
from backend.language import _
from backend.scene import Box, Claim, Picture, Relation, Ruling, Verdict, View
from backend.scene.phrasing import ruling

MOST_SEARCHES = 16
"""Short questions that are asked for the names of claims; of more names in more pictures the rest is not looked for."""
_SENTENCE = re.compile(r"[.!?](?=\s)|[。！？\n]")
_EXTREMES = (Relation.NEAREST, Relation.FARTHEST)

Place = tuple[int, str]
"""A picture, counted from 0, and a name that is looked for in it."""


def searches(claims: Iterable[Claim], boxes: Sequence[Box], views: Sequence[View]) -> dict[Wish, list[Place]]:
    """What asks for the named things in each picture alone; nothing for what the answer gave a box there."""
    wanted: dict[Wish, list[Place]] = {}
    for claim in claims:
        names = (claim.subject,) if claim.relation in _EXTREMES else claim.names
        for name in names:
            for at, view in enumerate(views):
                known = boxes_for(name, [box for box in boxes if box.picture == at])
                if known or is_pronoun(name):
                    continue
                wish = Wish(Sought.BOXES, prompts.locate(name), view)
                if (wish in wanted or len(wanted) < MOST_SEARCHES) and (at, name) not in wanted.setdefault(wish, []):
                    wanted[wish].append((at, name))
    return wanted


def judged(claim: Claim, text: str, boxes: Sequence[Box], pictures: Sequence[Picture], known_error: Localisation) -> Claim:
    """The claim with its grounds and verdict. `text`: the answer's, whose sentence may say which picture it means."""
    meant = _meant(claim, text, len(pictures))
    looked = range(len(pictures)) if meant is None else (meant,)
    here = {at: ruled(claim, [box for box in boxes if box.picture == at], pictures[at], known_error) for at in looked}
    within = {at: one for at, one in here.items() if one.verdict is not None}
    if not within:
        return replace(claim, verdict=_apart(claim, boxes, meant))
    first = next(iter(within.values()))
    if len(within) == 1 or is_pronoun(claim.subject):
        return _told(first, _("in picture {next} ").format(next=next(iter(within)) + 1))
    rulings = {one.verdict.ruling for one in within.values() if one.verdict is not None}
    if len(rulings) == 1:
        return _told(
            first,
            _("in each of pictures {listed}; in picture {next} ").format(listed=_listed(within), next=next(iter(within)) + 1),
        )
    each = "; ".join(
        _("in picture {at} {ruling}").format(at=at + 1, ruling=ruling(one.verdict))
        for at, one in within.items()
        if one.verdict is not None
    )
    reason = _(
        "pictures {listed} show all that it names, the answer does not say which it means, and they differ: {each}"
    ).format(listed=_listed(within), each=each)
    return replace(claim, verdict=Verdict(Ruling.UNDETERMINED, None, reason))


def _meant(claim: Claim, text: str, pictures: int) -> int | None:
    """The picture that the claim's own sentence names, up to the claim's end."""
    if claim.text_span is None:
        return None
    before = text[: claim.text_span[1]]
    starts = [match.end() for match in _SENTENCE.finditer(before, 0, claim.text_span[0])]
    return named_last(before[starts[-1] if starts else 0 :], pictures)


def _apart(claim: Claim, boxes: Sequence[Box], meant: int | None) -> Verdict | None:
    """Why no picture shows all that the claim names; None where a thing was found in none."""
    places = [(name, sorted({box.picture for box in boxes_for(name, boxes)})) for name in claim.names]
    if not all(found for __, found in places):
        return None
    told = ", ".join(
        _("the {name} is in picture {pictures}").format(name=name, pictures=_(" and ").join(str(at + 1) for at in found))
        for name, found in places
    )
    which = (
        _("no picture shows all that it names")
        if meant is None
        else _("picture {meant} does not show all that it names").format(meant=meant + 1)
    )
    return Verdict(
        Ruling.UNDETERMINED,
        None,
        _("{which}: {told}, and places in different pictures cannot be compared").format(which=which, told=told),
    )


def _told(claim: Claim, where: str) -> Claim:
    assert claim.verdict is not None
    return replace(claim, verdict=replace(claim.verdict, reason=where + claim.verdict.reason))


def _listed(pictures: Iterable[int]) -> str:
    return " and ".join(str(at + 1) for at in pictures)
