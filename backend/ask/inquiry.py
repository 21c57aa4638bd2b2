"""What backs an answer, gathered after the model has spoken: places for what its claims name, second looks, verdicts.

It goes in rounds, each one batch for all questions that are asked together. In the first everything is wished for that the
answer itself makes worth knowing; in the second the places that the first one found are looked at again, if they are small.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from backend.ask import asking_again, claims, confidence, prompts, several, solids, witnesses, words, zoom
from backend.ask.claims.names import is_pronoun, key
from backend.ask.counting import Counted
from backend.ask.evidence import boxes_for, one_thing, placed, ruled
from backend.ask.measured import Localisation
from backend.ask.wish import Outcome, Sought, Wish
from backend.catalog.card import ModelCard
from backend.scene import AskedAgain, Box, Box3D, Claim, DepthMap, Finding, Relation, View

_EXTREMES = (Relation.NEAREST, Relation.FARTHEST)
_DEEP = (*_EXTREMES, Relation.IN_FRONT_OF, Relation.BEHIND, Relation.OCCLUDES, Relation.INSIDE)
"""Relations of which solid boxes are a witness."""


class Inquiry:
    """The evidence for one answer. `wishes` says what is still to be asked; `grant` each of them, then ask for more."""

    def __init__(
        self,
        findings: Sequence[Finding],
        stated: Sequence[Claim],
        view: View,
        card: ModelCard,
        *,
        counting: str = "",
        again: bool = False,
        outlined: Mapping[Wish, str] = MappingProxyType({}),
        depth: DepthMap | None = None,
        read: Sequence[Box] = (),
        views: Sequence[View] = (),
        text: str = "",
    ) -> None:
        """`view`: how the first picture is shown. `counting`: what asks for the boxes of all that the answer counts. `again`:
        whether to look and to ask a second time. `outlined`: what asks for the rectangles of solid boxes, with their labels.
        `depth`: what a depth network saw of the picture, the witness of claims about near and far. `read`: the text in it, the
        ground of things that are named by what is written on them. `views`: how each of several pictures is shown, and `text`:
        the answer's; then claims are judged within each picture."""
        self.findings = list(findings)
        self.claims = list(stated)
        self._view, self._card, self._again = view, card, again
        self._census = Wish(Sought.LIST, counting) if counting else None
        self._said: dict[Wish, Outcome] = {}
        self._named: dict[Wish, str] = {}
        self._solids: dict[Wish, str] = {}
        self._outlined = dict(outlined)
        self._depth = depth
        self._views, self._text = views, text
        self._elsewhere: dict[Wish, list[several.Place]] = {}
        self._read = tuple(read)
        self.by_text = [self._added(box) for box in words.grounds(self.claims, self._read)] if read else []
        """Findings that were read rather than looked for."""
        self._asked: dict[Wish, tuple[int, str]] = {}
        self._zoomed: dict[Wish, Box] = {}
        self._looked: set[str] = set()
        """Ids of the boxes that have had their second look, or needed none."""
        self._asked_closer = False
        self._listed = False
        """What was counted is among the findings."""
        self._open: tuple[Wish, ...] = ()
        self._first_round()

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """What is to be asked now; empty when there is nothing more to know."""
        return tuple(wish for wish in self._open if wish not in self._said)

    def grant(self, wish: Wish, outcome: Outcome) -> Iterator[Finding]:
        """What came of a wish. Gives findings that are new; after the last wish of a round the next may be open."""
        self._said[wish] = outcome
        if self.wishes:
            return
        yield from self._gathered()
        self._open = (*self._enlarged(), *self._closer()) if self._again else ()

    def judged(self, known_error: Localisation) -> list[Claim]:
        """The claims with their grounds and verdicts."""
        if self._views:
            pictures = [view.picture for view in self._views]
            return [several.judged(claim, self._text, self._boxes(), pictures, known_error) for claim in self.claims]
        solids = {key(name): self._solid(wish) for wish, name in self._solids.items()}
        by_label = {key(f.label): f for f in self.findings if isinstance(f, Box3D)}
        known = {**{name: solid for name, solid in solids.items() if solid is not None}, **by_label}
        made: list[Claim] = []
        for index, claim in enumerate(self.claims):
            again = self._answers(index, claim)
            grounded = ruled(claim, self._boxes(), self._view.picture, known_error, known)
            grounded = replace(grounded, asked_again=again)
            if grounded.verdict is not None:
                grounded = replace(grounded, verdict=asking_again.after(grounded.verdict, again))
            if self._depth is not None:
                grounded = witnesses.with_depth(grounded, self._boxes(), self._depth)
            if self._read:
                grounded = words.with_words(grounded, self._read)
            made.append(confidence.weighed(grounded, self._boxes(), self._card.name))
        return made

    @property
    def counted(self) -> Counted | None:
        """The boxes of all that the answer counts; None where they were not asked for."""
        outcome = None if self._census is None else self._said.get(self._census)
        return None if outcome is None else Counted(_boxes(outcome.findings), outcome.whole)

    def remarks(self) -> tuple[str, ...]:
        """What second looks changed."""
        return zoom.remarks(self._boxes())

    def _first_round(self) -> None:
        boxes = self._boxes()
        if self._views:
            self._elsewhere = several.searches(self.claims, boxes, self._views)
            self._open = (*self._outlined, *self._elsewhere)
            return
        for claim in self.claims:
            deep = claim.relation in _DEEP or claim.frame == "object"
            for name in claim.names:
                if is_pronoun(name):
                    continue
                if claim.relation in _EXTREMES and name == claim.object:
                    continue
                if not boxes_for(name, boxes):
                    self._named.setdefault(Wish(Sought.BOXES, prompts.locate(name)), name)
                if deep:
                    self._solids.setdefault(Wish(Sought.SOLIDS, prompts.locate_solid(name)), name)
            if claim.relation in _EXTREMES:
                self._named.setdefault(Wish(Sought.BOXES, prompts.locate_every(_kind_of(claim))), "")
        if self._again:
            self._asked = asking_again.asked_again(self.claims, self._view)
        wishes = (
            *((self._census,) if self._census else ()),
            *self._named,
            *self._outlined,
            *self._solids,
            *self._asked,
            *(self._enlarged() if self._again else ()),
        )
        self._open = tuple(dict.fromkeys(wishes))

    def _closer(self) -> tuple[Wish, ...]:
        """Wishes to ask again where both things of a claim are known by now; once."""
        if self._asked_closer:
            return ()
        self._asked_closer = True
        known = [placed(claim, self._boxes()) for claim in self.claims]
        wishes = asking_again.asked_closer(known, self._boxes(), self._view, self._card)
        self._asked |= wishes
        return tuple(wishes)

    def _enlarged(self) -> tuple[Wish, ...]:
        """Wishes for boxes that have not been considered yet."""
        fresh = [box for box in self._boxes() if box.id not in self._looked and box.found_by == "model"]
        self._looked.update(box.id for box in fresh)
        wishes = zoom.second_looks(fresh, self._view, self._card)
        self._zoomed |= wishes
        return tuple(wishes)

    def _gathered(self) -> Iterator[Finding]:
        """The findings of a round that has ended, the second looks at older ones included."""
        for wish, box in self._zoomed.items():
            at = next((n for n, finding in enumerate(self.findings) if finding == box), None)
            if at is not None and wish.view is not None and wish in self._said:
                self.findings[at] = zoom.seen_again(box, wish.view, self._said[wish])
        if self.counted is not None and not self._listed:
            self._listed = True
            yield from map(self._added, self.counted.boxes)
        for wish, name in list(self._named.items()):
            del self._named[wish]
            found = [finding for finding in self._said[wish].findings if isinstance(finding, Box)]
            for box in found if not name else found[:1]:
                if name or not any(one_thing(box, known) for known in self._boxes()):
                    yield self._added(replace(box, label=name or box.label))
        for wish, places in self._elsewhere.items():
            for box in [finding for finding in self._said[wish].findings if isinstance(finding, Box)][:1]:
                yield from (self._added(replace(box, label=name, picture=at)) for at, name in places)
        self._elsewhere = {}
        for wish, label in list(self._outlined.items()):
            del self._outlined[wish]
            yield from map(self._added, solids.found_for(self.findings, self._said[wish].findings, label))

    def _added(self, box: Box) -> Box:
        """A box as a finding of this answer."""
        new = replace(box, id=f"b{len(self._boxes()) + 1}")
        self.findings.append(new)
        return new

    def _answers(self, index: int, claim: Claim) -> tuple[AskedAgain, ...]:
        return tuple(
            asking_again.compared(claim, how, wish.prompt, self._said[wish])
            for wish, (about, how) in self._asked.items()
            if about == index and wish in self._said
        )

    def _solid(self, wish: Wish) -> Box3D | None:
        outcome = self._said.get(wish)
        return None if outcome is None else next((f for f in outcome.findings if isinstance(f, Box3D)), None)

    def _boxes(self) -> tuple[Box, ...]:
        return _boxes(self.findings)


def _boxes(findings: Iterable[Finding]) -> tuple[Box, ...]:
    return tuple(finding for finding in findings if isinstance(finding, Box))


def _kind_of(claim: Claim) -> str:
    """What the nearest is the nearest of; empty for everything."""
    return "" if key(claim.object) in claims.EVERYTHING else claim.object
