"""`sightline depth`: what a depth network sees in a picture, and how far it puts what is asked for.

Relative depth stays relative. It becomes metres only where three distances are known, and then what the fit leaves over is
printed beside them.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backend.cli.cameras import camera_options, said_of_camera
from backend.cli.choosing import chosen
from backend.cli.naming import MODEL
from backend.errors import QuestionCancelled, UsageError
from backend.language import _
from backend.sanitise import one_line, quoted

if TYPE_CHECKING:
    from backend.ask.locating import Located
    from backend.scene import Box, DepthMap, Picture
    from backend.spatial.depth import FindingDepth, Scale
    from backend.spatial.known_camera import GivenCamera
    from backend.witness.depth import DepthNetwork

_ARRAY = ".npy"


@click.command()
@click.argument("name", metavar="PICTURE")
@click.option("--network", "-n", metavar="NAME", help="A depth network (sightline models list); the first that is installed.")
@click.option("--find", "wanted", multiple=True, metavar="WHAT", help="Say how far this is, as the model finds it; repeat it.")
@click.option(
    "--known", multiple=True, metavar="NAME=METRES", help="The distance of something in the picture; three make metres."
)
@click.option("--solids", is_flag=True, help="Take the model's own 3D boxes of what is found for known distances.")
@click.option(
    "--model", "-m", type=MODEL, metavar="NAME", help="The model that finds things; the best that fits when not given."
)
@camera_options
@click.option(
    "--out",
    "outs",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the heat map (heat.png), or the numbers as they are (depth.npy); repeat it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.pass_context
def depth(
    ctx: click.Context,
    name: str,
    network: str | None,
    wanted: tuple[str, ...],
    known: tuple[str, ...],
    solids: bool,
    model: str | None,
    fov: str | None,
    intrinsics: str | None,
    calibration: Path | None,
    outs: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Have a depth network look at PICTURE; `-` reads it from standard input.

    With --find and --known a model finds things first, and each is told with its depth. Relative depth says what is nearer,
    not by how much; metres need three distances (--known), or the model's 3D boxes (--solids).
    """
    from backend.ask.depths import open_network
    from backend.media.images import load, load_bytes
    from backend.spatial.depth import known_distances

    distances = known_distances(known)
    names = list(dict.fromkeys([*(what.strip() for what in wanted if what.strip()), *distances]))
    if solids and not names:
        raise UsageError(_("--solids needs something to be found"), cure=_('name it: --find "every chair"'))
    _check(outs)
    picture = load_bytes(sys.stdin.buffer.read(), "-") if name == "-" else load(Path(name))
    camera = said_of_camera(ctx, fov, intrinsics, calibration).camera((picture.width, picture.height))
    loaded = open_network(network)
    seen = loaded.see(picture)
    located = _located(ctx, model, picture, names, camera, solids=solids) if names else []
    told = _Told(loaded, picture, located, *_metric(seen, located, distances, picture, camera))
    for path in outs:
        _save(path, told.depth)
    if as_json:
        click.echo(json.dumps(told.as_dict(), ensure_ascii=False).encode("utf-8", "backslashreplace"))
    else:
        for line in told.lines():
            click.echo(line)
    for note in told.notes():
        click.echo(_("note: {note}").format(note=one_line(note)), err=True)


@dataclass(frozen=True, slots=True)
class _Told:
    """All that there is to say."""

    network: DepthNetwork
    picture: Picture
    located: list[Located]
    depth: DepthMap
    scale: Scale | None

    @property
    def boxes(self) -> list[Box]:
        return [box for one in self.located for box in one.boxes]

    def measured(self) -> dict[str, FindingDepth]:
        from backend.spatial.depth import measured

        return measured(self.depth, self.boxes)

    def lines(self) -> list[str]:
        from backend.scene import DepthUnit
        from backend.spatial.depth import nearest_first, order

        card, found = self.network.card, self.measured()
        rows, columns = self.depth.values.shape
        means = _("metres along the camera's axis") if self.depth.unit is DepthUnit.METRES else _("relative: larger is nearer")
        said = [
            _("{title} on the {device}, {columns}×{rows}: {means}").format(
                title=one_line(card.title), device=self.network.device, columns=columns, rows=rows, means=means
            )
        ]
        by_id, ids = {box.id: box for box in self.boxes}, nearest_first(found)
        for place, id_ in enumerate(ids):
            one, label = found[id_], one_line(by_id[id_].label)
            equal = place > 0 and order(self.depth, found[ids[place - 1]], one).nearer is None
            note = _("  as far as the one above, within its spread") if equal else ""
            under = _("  others lie over it") if one.shared else ""
            said.append(f"  {id_:<4}{label}  {_number(one)}{note}{under}")
        said += [
            _("  {id:<4}{label}  not known").format(id=id_, label=one_line(box.label))
            for id_, box in by_id.items()
            if id_ not in found
        ]
        if self.scale is not None:
            said.append(f"  {self.scale}")
            for anchor, error, used in zip(self.scale.anchors, self.scale.errors, self.scale.used, strict=True):
                out = "" if used else _(", left out")
                said.append(
                    _("    {name}: {metres:.2f} m ({source}), off by {error:+.1%}{out}").format(
                        name=one_line(anchor.name), metres=anchor.metres, source=anchor.source, error=error, out=out
                    )
                )
        return said

    def notes(self) -> list[str]:
        from backend.spatial.depth import shows_depth

        card = self.network.card
        missing = [_("“{name}” was not found").format(name=one_line(one.name, 60)) for one in self.located if not one.boxes]
        warned = [warning for one in self.located for warning in one.warnings]
        even = (
            [] if shows_depth(self.depth) else [_("the network sees no depth in this picture: nothing is nearer than anything")]
        )
        return list(dict.fromkeys([*([card.note] if card.bundled else []), *even, *missing, *warned]))

    def as_dict(self) -> dict[str, Any]:
        from backend.export.heatmap import nearness
        from backend.spatial.depth import nearest_first

        found, (__, ends) = self.measured(), nearness(self.depth)
        rows, columns = self.depth.values.shape
        return {
            "picture": {"path": self.picture.name, "width": self.picture.width, "height": self.picture.height},
            "network": {**self.network.card.as_dict(), "device": self.network.device},
            "depth": {
                "unit": self.depth.unit.value,
                "source": self.depth.source,
                "width": columns,
                "height": rows,
                "far": round(ends.far, 5),
                "near": round(ends.near, 5),
            },
            "findings": [
                {**box.as_dict(), "depth": found[box.id].as_dict() if box.id in found else None} for box in self.boxes
            ],
            "nearest_first": nearest_first(found),
            "fit": None if self.scale is None else self.scale.as_dict(),
            "notes": self.notes(),
        }


def _number(one: FindingDepth) -> str:
    from backend.scene import DepthUnit

    return f"{one.value:.2f} ± {one.spread:.2f} m" if one.unit is DepthUnit.METRES else f"{one.value:.3f} ± {one.spread:.3f}"


def _check(outs: tuple[Path, ...]) -> None:
    """Refuse what could not be written before anything is computed."""
    from backend.export.saving import check_destination

    for path in outs:
        if path.suffix.lower() != _ARRAY:
            check_destination(path)
        elif not path.parent.is_dir():
            raise UsageError(
                _("{path} lies in a folder that does not exist").format(path=quoted(path)), cure=_("make the folder first")
            )


def _save(path: Path, depth: DepthMap) -> None:
    if path.suffix.lower() == _ARRAY:
        import io

        import numpy as np

        from backend.export.saving import write

        content = io.BytesIO()
        np.save(content, depth.values)
        write(content.getbuffer(), path)
    else:
        from backend.export.heatmap import save_heatmap

        save_heatmap(path, depth)
    click.echo(f"saved {one_line(str(path))}", err=True)


def _located(
    ctx: click.Context, model: str | None, picture: Picture, names: list[str], camera: GivenCamera | None, *, solids: bool
) -> list[Located]:
    from backend.ask import Asker
    from backend.ask.locating import locate
    from backend.cli.narrator import Narrator

    asker, narrator = Asker(chosen(ctx, model)), Narrator()
    try:
        return locate(asker, picture, names, solid=solids, camera=camera, heard=narrator.tell)
    except KeyboardInterrupt:
        raise QuestionCancelled(_("cancelled")) from None
    finally:
        narrator.clear()
        asker.close()


def _metric(
    depth: DepthMap,
    located: list[Located],
    distances: dict[str, float],
    picture: Picture,
    camera: GivenCamera | None,
) -> tuple[DepthMap, Scale | None]:
    """The map in metres and what made it so, where distances are known; else the map as it is. Raises FitRefused."""
    from backend.scene import DepthUnit
    from backend.spatial.depth import Anchor, fitted, in_metres, measured, solid_anchors
    from backend.spatial.depth.sampling import span
    from backend.spatial.known_camera import camera_of
    from backend.spatial.pairing import paired

    every = [box for one in located for box in one.boxes]
    solids = [solid for one in located for solid in one.solids]
    if not distances and not solids:
        return depth, None
    if depth.unit is not DepthUnit.INVERSE:
        raise UsageError(
            _("this network answers metres already: there is nothing to fit"), cure=_("leave out --known and --solids")
        )
    found = measured(depth, every)
    anchors = []
    for one in located:
        box = one.boxes[0] if one.boxes else None
        if one.name in distances and box is not None and box.id in found:
            anchors.append(Anchor(one.name, found[box.id].value, distances[one.name], "given"))
    if solids:
        view = camera_of(picture, camera).camera
        named = [replace(solid, id=f"s{n}") for n, solid in enumerate(solids, 1)]
        pairs = paired(named, every, [view])
        anchors += solid_anchors([(pairs[solid.id], solid) for solid in named if solid.id in pairs], found, view)
    scale = fitted(anchors, span(depth))
    return in_metres(depth, scale), scale
