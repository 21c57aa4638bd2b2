"""The place that a picture shows a part of, from above: made of the 3D boxes that were found in all pictures of its visit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.errors import SightlineError, UsageError
from backend.export.palette import colour_of
from backend.language import _, ngettext
from backend.memory.places import Places
from backend.sanitise import one_line, quoted
from backend.spatial.place_plan import PlacePlan, merged
from tui.preview.gallery import Gallery
from tui.preview.place_sheet import PlaceSheet
from tui.preview.views import View
from tui.studies.study import Row
from tui.studies.studying import Say


@dataclass(frozen=True, slots=True, eq=False)
class PlaceMap:
    """One visit's map."""

    picture: Path
    place: str
    plan: PlacePlan
    sha256: str

    @property
    def view(self) -> View:
        return View.MAP

    @property
    def pictures(self) -> tuple[Path, ...]:
        return (self.picture,)

    @property
    def said(self) -> str:
        cameras = len(self.plan.cameras)
        views = ngettext("{count} view", "{count} views", cameras).format(count=cameras)
        return _("{place}, from above, made of {views}").format(place=one_line(self.place, 60), views=views)

    @property
    def notes(self) -> Sequence[str]:
        return self.plan.notes

    @property
    def rows(self) -> Sequence[Row]:
        """Things, each with how far its estimates are apart where several views saw it."""
        return [
            Row(
                f"{at + 1}",
                one_line(thing.label, 40) or _("unnamed"),
                f"±{thing.spread / 2:.1f} m" if len(thing.views) > 1 else "",
                colour_of(at),
                frozenset((at,)),
            )
            for at, thing in enumerate(self.plan.things)
        ]

    @property
    def happened(self) -> Sequence[tuple[float, int]]:
        return ()

    def shown_on(self, picture: Path, /) -> Path:
        return picture

    def drawn(self, _picture: Path, _time: float, /) -> PlaceSheet:
        return PlaceSheet(self.plan)

    @property
    def kept(self) -> Mapping[str, Any]:
        """Nothing of the map itself, which is drawn again: what is forgotten of the place is to be forgotten here as well."""
        return {"said": self.said}

    @property
    def hashes(self) -> tuple[str, ...]:
        return (self.sha256,)


def map_place(journal: Path, gallery: Gallery, picture: Path, say: Say) -> tuple[PlaceMap | None, SightlineError | None]:
    """The map of the newest visit in which the picture was filed. Raises UsageError where there is none to be drawn."""
    say(_("looking for the picture's place"))
    hash_ = gallery.picture(picture).sha256
    known = Places(journal)
    for place in known.summaries():
        say(None)
        for visit in reversed(known.visits(place.name)[1]):
            if any(view.sha256 == hash_ for view in visit.views):
                plan = merged([(view.name, view.solids, view.camera, (view.width, view.height)) for view in visit.views])
                if not plan.things:
                    raise UsageError(
                        _("no 3D box was found in the pictures of {place}, so that there is no map").format(
                            place=one_line(place.name, 60)
                        ),
                        cure=_("ask for 3D boxes in them: sightline places add PICTURE --place NAME --find THING --solid"),
                    )
                return PlaceMap(picture, place.name, plan, hash_), None
    raise UsageError(
        _("{picture} belongs to no place that is known").format(picture=quoted(picture.name)),
        cure=_("file it under one: sightline places add PICTURE --place NAME --find THING --solid"),
    )
