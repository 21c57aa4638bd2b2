"""What `sightline stereo` says and writes of a measured pair."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.errors import UsageError
from backend.language import _
from backend.sanitise import one_line, quoted
from backend.scene import DepthUnit

if TYPE_CHECKING:
    from backend.ask.locating import Located
    from backend.scene import Box, Picture
    from backend.spatial.depth import FindingDepth
    from backend.spatial.stereo import FreeViews, Stereo


@dataclass(slots=True)
class Told:
    """All that there is to say."""

    pictures: tuple[Picture, Picture]
    way: str
    """rectified, calibrated or free."""
    stereo: Stereo
    camera: str
    """How the focal length is known."""
    focal: float
    """Pixels of the left picture; of a calibrated pair, of the rectified grid."""
    baseline: float | None
    """Metres."""
    free: FreeViews | None = None
    remarks: Sequence[str] = ()
    located: Sequence[Located] = ()
    files: list[Path] = field(default_factory=list)

    @property
    def boxes(self) -> list[Box]:
        return [box for one in self.located for box in one.boxes]

    def measured(self) -> dict[str, FindingDepth]:
        from backend.spatial.depth import measured

        return measured(self.stereo.depth, self.boxes)

    def notes(self) -> list[str]:
        missing = [_("“{name}” was not found").format(name=one_line(one.name, 60)) for one in self.located if not one.boxes]
        warned = [warning for one in self.located for warning in one.warnings]
        decoded = [note for picture in self.pictures for note in picture.notes]
        return list(dict.fromkeys([*decoded, *self.remarks, *self.stereo.notes, *missing, *warned]))

    @property
    def unit(self) -> str:
        """What stands behind a number."""
        if self.stereo.depth.unit is DepthUnit.METRES:
            return "m"
        return "ways" if self.free is not None else "baselines"

    @property
    def dense(self) -> bool:
        """Every pixel was matched along its row; else only marks have a depth, and no quarter pixel tells what it is worth."""
        return self.free is None or self.free.dense

    def spread(self) -> tuple[float, float, float] | None:
        """Near, middle and far: the 2nd, 50th and 98th percentile of the depths; None where there are none."""
        import numpy as np

        known = self.stereo.depth.values[np.isfinite(self.stereo.depth.values)]
        if not known.size:
            return None
        near, middle, far = (float(value) for value in np.percentile(known, (2, 50, 98)))
        return near, middle, far

    def lines(self) -> list[str]:
        first, second = (one_line(picture.name) for picture in self.pictures)
        said = [
            f"{first}, {second}: {self.how}",
            _("  camera: {camera}, focal length {focal:.1f} px").format(camera=one_line(self.camera), focal=self.focal),
        ]
        if self.free is not None:
            pose = self.free.pose
            x, y, z = pose.way
            said.append(
                _(
                    "  the camera turned by {turn:.1f}° and went {direction} ({x:+.2f}, {y:+.2f}, {z:+.2f}: "
                    "right, down, ahead); {inliers} of {matches} marks agree, parallax {parallax:.1f}°"
                ).format(
                    turn=pose.turn,
                    direction=_direction(x, y, z),
                    x=x,
                    y=y,
                    z=z,
                    inliers=pose.inliers,
                    matches=pose.matches,
                    parallax=pose.parallax,
                )
            )
        elif self.stereo.rows.off is not None:
            said.append(
                _("  rows: {off:.2f} px apart (median of {matches} marks)").format(
                    off=self.stereo.rows.off, matches=self.stereo.rows.matches
                )
            )
        unit, spread = self.unit, self.spread()
        if spread is None:
            return [*said, _("  no depth: nothing looks the same in both pictures")]
        near, middle, far = spread
        at_near, at_far = (self.stereo.error(distance) for distance in (near, far))
        worth = _("; a quarter pixel is {at_near:.2f} {unit} at {near:.2f} and {at_far:.2f} at {far:.2f}").format(
            at_near=at_near, unit=unit, near=near, at_far=at_far, far=far
        )
        said.append(
            _("  depth of {valid:.1%} of {first}: {near:.2f} to {far:.2f} {unit}, middle {middle:.2f} {unit}{value}").format(
                valid=self.stereo.valid,
                first=first,
                near=near,
                far=far,
                unit=unit,
                middle=middle,
                value=worth if self.dense else "",
            )
        )
        found = self.measured()
        for box in self.boxes:
            one, label = found.get(box.id), one_line(box.label)
            if one is None:
                said.append(_("  {id:<4}{label}  not known").format(id=box.id, label=label))
                continue
            off = max(one.spread, self.stereo.error(one.value)) if self.dense else one.spread
            said.append(f"  {box.id:<4}{label}  {one.value:.2f} ± {off:.2f} {unit}{_('  others lie over it') * one.shared}")
        return said

    def as_dict(self) -> dict[str, Any]:
        stereo, found, spread = self.stereo, self.measured(), self.spread()
        near, middle, far = spread or (None, None, None)
        return {
            "pictures": [{"path": one.name, "width": one.width, "height": one.height} for one in self.pictures],
            "way": self.way,
            "camera": {"source": self.camera, "focal": round(self.focal, 2)},
            "baseline": self.baseline,
            "depth": {
                "unit": stereo.depth.unit.value,
                "in": self.unit,
                "source": stereo.depth.source,
                "width": stereo.depth.values.shape[1],
                "height": stereo.depth.values.shape[0],
                "valid": round(stereo.valid, 4),
                "near": _rounded(near),
                "middle": _rounded(middle),
                "far": _rounded(far),
                "quarter_pixel_near": _rounded(stereo.error(near) if near is not None and self.dense else None),
                "quarter_pixel_far": _rounded(stereo.error(far) if far is not None and self.dense else None),
                "points": len(stereo.points),
                "dense": self.dense,
            },
            "rows": {"matches": stereo.rows.matches, "off": _rounded(stereo.rows.off)},
            "pose": None if self.free is None else _pose(self.free),
            "findings": [
                {
                    **box.as_dict(),
                    "depth": found[box.id].as_dict() if box.id in found else None,
                    "error": _rounded(stereo.error(found[box.id].value)) if box.id in found and self.dense else None,
                }
                for box in self.boxes
            ],
            "files": [str(path) for path in self.files],
            "notes": self.notes(),
        }

    def save(self, folder: Path) -> None:
        """Write everything into a folder, which is made. Raises NotSaved, or UsageError where it cannot be made."""
        from backend.export.depth_files import save_array, save_millimetres
        from backend.export.heatmap import save_heatmap
        from backend.export.ply import save_ply
        from backend.export.saving import write

        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                _("the folder {folder} cannot be made: {reason}").format(folder=quoted(folder), reason=error.strerror),
                cure=_("give one that you may write to"),
            ) from error
        stereo = self.stereo
        save_heatmap(folder / "disparity.png", stereo.depth)
        save_array(folder / "depth.npy", stereo.depth)
        self.files += [folder / "disparity.png", folder / "depth.npy"]
        if stereo.depth.unit is DepthUnit.METRES:
            save_millimetres(folder / "depth-mm.png", stereo.depth)
            self.files.append(folder / "depth-mm.png")
        axes = _("x right, y down, z forward from the left camera")
        save_ply(
            folder / "cloud.ply",
            stereo.points,
            stereo.colours,
            (_("{axes}, unit: {unit}").format(axes=axes, unit=self.unit), stereo.depth.source),
        )
        self.files += [folder / "cloud.ply", folder / "summary.json"]
        summary = json.dumps(self.as_dict(), ensure_ascii=False, indent=1) + "\n"
        write(summary.encode("utf-8", "backslashreplace"), folder / "summary.json")

    @property
    def how(self) -> str:
        """What kind of pair it was, and what is known of its scale."""
        if self.way == "free":
            scale = _("up to scale") if self.baseline is None else f"{self.baseline:g} m apart"
            return _("two free views, {scale}").format(scale=scale)
        apart = _("no baseline given: up to scale") if self.baseline is None else f"baseline {self.baseline:.4g} m"
        return _("{way} pair, {apart}").format(way=self.way, apart=apart)


def _pose(free: FreeViews) -> dict[str, Any]:
    pose = free.pose
    return {
        "rotation": [[round(value, 6) for value in row] for row in pose.rotation],
        "translation": [round(value, 6) for value in pose.translation],
        "way": [round(value, 6) for value in pose.way],
        "turn": round(pose.turn, 3),
        "matches": pose.matches,
        "inliers": pose.inliers,
        "parallax": round(pose.parallax, 3),
    }


def _direction(x: float, y: float, z: float) -> str:
    """The strongest part of a direction, in words."""
    size, word = max(
        (abs(x), _("to the right") if x > 0 else _("to the left")),
        (abs(y), "down" if y > 0 else "up"),
        (abs(z), "ahead" if z > 0 else "back"),
    )
    return f"mostly {word}" if size < 0.98 else word


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
