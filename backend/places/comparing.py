"""What became of the things of a place between two visits: geometry in each pair of views, then one word for each thing.

Of the later visit each view is held against the earlier one that shows most things where a still camera, else a single motion
of it, puts them. A thing that is missing is gone only if somebody looked for it at the visit that misses it: what was never
asked about is not known, and is said to be so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from backend.language import _
from backend.memory.filing import spaced
from backend.memory.places import Visit
from backend.memory.views import StoredView
from backend.scene import Change, ChangeKind, MotionKind
from backend.scene.phrasing import happened
from backend.spatial.camera_motion import Sight, camera_motion, name
from backend.spatial.changes import compared

SIGMA = 0.01
"""Localisation error that is assumed, as a share of the longer side; never less than a pixel."""
_EVERYTHING = ("everything", "every object", "all objects", "every thing", "所有物体", "所有东西", "每个物体")


class Became(StrEnum):
    """What became of a thing."""

    MOVED = "moved"
    KEPT = "kept"
    """It is where it was, as far as the boxes' error lets it be told."""
    NEW = "new"
    GONE = "gone"
    OUT_OF_VIEW = "out of view"
    """No picture of the later visit shows its place."""
    NEWLY_IN_VIEW = "newly in view"
    """No picture of the earlier visit shows its place."""
    NOT_LOOKED_FOR = "not looked for"
    """It was found at one of the visits, and nobody asked about it at the other."""

    @property
    def kind(self) -> ChangeKind | None:
        """The same in the words of two pictures; None for what those do not know."""
        return _KINDS.get(self)


_KINDS = {
    Became.MOVED: ChangeKind.MOVED,
    Became.KEPT: ChangeKind.UNCHANGED,
    Became.NEW: ChangeKind.APPEARED,
    Became.GONE: ChangeKind.DISAPPEARED,
    Became.OUT_OF_VIEW: ChangeKind.LEFT_VIEW,
    Became.NEWLY_IN_VIEW: ChangeKind.ENTERED_VIEW,
}


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """One thing, from one visit to another."""

    became: Became
    label: str
    reason: str
    """One sentence with the numbers."""
    before: StoredView | None
    """The earlier picture that it was found in."""
    after: StoredView | None
    displacement: tuple[float, float] | None = None
    """Right and down, pixels of the later picture, the camera's motion taken off; None where it did not move within a view."""

    @property
    def said(self) -> str:
        """What became of it, for people: in the words that comparing two pictures uses."""
        kind = self.became.kind
        return _("not looked for") if kind is None else happened(kind)

    def as_dict(self) -> dict[str, Any]:
        kind = self.became.kind
        return {
            "became": self.became.value,
            "kind": None if kind is None else kind.value,
            "label": self.label,
            "before": None if self.before is None else self.before.name,
            "after": None if self.after is None else self.after.name,
            "displacement": None if self.displacement is None else [round(part, 2) for part in self.displacement],
            "reason": self.reason,
        }


_Told = tuple[Change, StoredView, StoredView]


def between(before: Visit, after: Visit) -> list[PlaceChange]:
    """What became of everything that was found at either visit, what moved first."""
    told: dict[str, list[_Told]] = {}
    for one, other in _paired(before.views, after.views):
        for change in compared(_sight(one), _sight(other)).changes:
            told.setdefault(change.label.strip().casefold(), []).append((change, one, other))
    repeated = _repeated((*before.views, *after.views))
    made: list[PlaceChange] = []
    for label, entries in told.items():
        groups = [[entry] for entry in _of_each(entries)] if label in repeated else [entries]
        made += [_became(group, before, after) for group in groups]
    made += _only_elsewhere(before, after, set(told))
    return sorted(made, key=lambda change: (list(Became).index(change.became), change.label.casefold()))


def _sight(view: StoredView) -> Sight:
    return Sight(view.boxes, view.width, view.height, max(1.0, SIGMA * max(view.width, view.height)), view.solids)


def _paired(before: Sequence[StoredView], after: Sequence[StoredView]) -> list[tuple[StoredView, StoredView]]:
    """Views of the same part of the place: those first whose camera stood still, then those whose things
    agree best on what it did; each once."""
    offers = []
    for at, one in enumerate(before):
        for to, other in enumerate(after):
            motion = camera_motion(_sight(one), _sight(other))
            same_name = one.path is not None and other.path is not None and one.path.name == other.path.name
            moved = motion.kind is not MotionKind.STILL  # three things may agree on a motion by chance, rarely on none
            offers.append((moved, -motion.agreeing, not same_name, -motion.shared, at, to))
    pairs: dict[int, int] = {}
    for *__, at, to in sorted(offers):
        if at not in pairs and to not in pairs.values():
            pairs[at] = to
    return [(before[at], after[to]) for at, to in sorted(pairs.items())]


def _repeated(views: Sequence[StoredView]) -> set[str]:
    """Names that several things in one picture have."""
    return {label for view in views for label, count in Counter(map(name, view.boxes)).items() if count > 1}


def _of_each(entries: Sequence[_Told]) -> list[_Told]:
    """Of a thing that both moved and came nearer one entry; its place in the picture decides before its size."""
    kept: dict[tuple[int, int, str, str], _Told] = {}
    for entry in entries:
        change, one, other = entry
        kept.setdefault((one.id, other.id, change.before_id, change.after_id), entry)
    return list(kept.values())


def _became(entries: Sequence[_Told], before: Visit, after: Visit) -> PlaceChange:
    """One word for a thing, from what each pair of views tells of it."""
    kinds = {kind: [entry for entry in entries if entry[0].kind is kind] for kind in ChangeKind}
    moved = kinds[ChangeKind.MOVED] or kinds[ChangeKind.NEARER] or kinds[ChangeKind.FARTHER]
    kept, missing, new = kinds[ChangeKind.UNCHANGED], kinds[ChangeKind.DISAPPEARED], kinds[ChangeKind.APPEARED]
    if moved and len(moved) >= len(kept):
        return _one(Became.MOVED, moved[0], _("; in {count} other views it did not").format(count=len(kept)) if kept else "")
    if kept:
        return _one(Became.KEPT, kept[0])
    if missing and new:
        change, one, __ = missing[0]
        reason = _("it is no longer in {name}, and was found in {name_2}").format(name=one.name, name_2=new[0][2].name)
        return PlaceChange(Became.MOVED, change.label, reason, one, new[0][2])
    if missing and (elsewhere := _found_in(after, missing[0][0].label)):
        reason = _("it is no longer in {name}, and was found in {name_2}").format(
            name=missing[0][1].name, name_2=elsewhere.name
        )
        return PlaceChange(Became.MOVED, missing[0][0].label, reason, missing[0][1], elsewhere)
    if new and (elsewhere := _found_in(before, new[0][0].label)):
        reason = _("it was in {name}, and was found in {name_2}").format(name=elsewhere.name, name_2=new[0][2].name)
        return PlaceChange(Became.MOVED, new[0][0].label, reason, elsewhere, new[0][2])
    for group, became, asked in ((missing, Became.GONE, after), (new, Became.NEW, before)):
        if group:
            looked = any(_was_looked_for(group[0][0].label, view) for view in asked.views)
            return _one(became, group[0]) if looked else _unknown(group[0], became)
    left = kinds[ChangeKind.LEFT_VIEW]
    return _one(Became.OUT_OF_VIEW, left[0]) if left else _one(Became.NEWLY_IN_VIEW, kinds[ChangeKind.ENTERED_VIEW][0])


def _one(became: Became, entry: _Told, more: str = "") -> PlaceChange:
    change, one, other = entry
    return PlaceChange(
        became,
        change.label,
        _named(change.reason, one, other) + more,
        one if change.before_id else None,
        other if change.after_id else None,
        change.displacement if became is Became.MOVED else None,
    )


def _named(reason: str, one: StoredView, other: StoredView) -> str:
    """With the pictures' names in place of their numbers."""
    return re.sub(r"\bpicture ([12])\b", lambda found: one.name if found[1] == "1" else other.name, reason)


def _unknown(entry: _Told, became: Became) -> PlaceChange:
    change, one, other = entry
    when = "later" if became is Became.GONE else "earlier"
    reason = _("it was found at one visit only, and nobody looked for it at the {when} one").format(when=when)
    was, now = (one, None) if became is Became.GONE else (None, other)
    return PlaceChange(Became.NOT_LOOKED_FOR, change.label, reason, was, now)


def _only_elsewhere(before: Visit, after: Visit, told: set[str]) -> list[PlaceChange]:
    """Things that were found in views without a partner only."""
    made = []
    for visit, other, became, where in (
        (before, after, Became.OUT_OF_VIEW, "later"),
        (after, before, Became.NEWLY_IN_VIEW, "earlier"),
    ):
        for view in visit.views:
            for box in view.boxes:
                if name(box) in told:
                    continue
                told.add(name(box))
                was, now = (view, None) if visit is before else (None, view)
                if (elsewhere := _found_in(other, box.label)) is not None:
                    was, now = was or elsewhere, now or elsewhere
                    made.append(
                        PlaceChange(
                            Became.MOVED,
                            box.label,
                            _("it was in {name}, and was found in {name_2}").format(name=was.name, name_2=now.name),
                            was,
                            now,
                        )
                    )
                else:
                    reason = _("no picture of the {where} visit matches {name}, which shows it").format(
                        where=where, name=view.name
                    )
                    made.append(PlaceChange(became, box.label, reason, was, now))
    return made


def _found_in(visit: Visit, label: str) -> StoredView | None:
    wanted = label.strip().casefold()
    return next((view for view in visit.views if any(name(box) == wanted for box in view.boxes)), None)


def _was_looked_for(label: str, view: StoredView) -> bool:
    """Whether a question about the view asked for things of that name: for its last word (two Chinese characters), at least."""
    words = spaced(label).split()
    if not words:
        return False
    chinese = not words[-1].isascii()
    for question in view.looked_for:
        asked = spaced(question)
        if any(spaced(word) in asked for word in _EVERYTHING):
            return True
        heads = [" ".join(words[-2:])] if chinese else [words[-1]]
        tokens = "".join(char if char.isalnum() else " " for char in asked).split()
        if chinese and any(head in " ".join(tokens) for head in heads):
            return True
        if not chinese and any(token == words[-1] or token.startswith(words[-1]) for token in tokens):
            return True
    return False
