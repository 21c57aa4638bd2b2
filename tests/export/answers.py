"""Answers to export: about drawn pictures that are really there, with what is awkward in their labels."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from backend.answer import Answer, PictureRef, Timings
from backend.scene import Box, Box3D, Claim, Finding, Point, Ruling, Verdict
from backend.synthetic.scenes import draw_scene

AWKWARD = '杯子, "red"\n<b>[x]</b>\u202egnp.exe =1+1'


def drawn_at(path: Path, seed: int = 40, size: tuple[int, int] = (480, 360)) -> PictureRef:
    """A drawn scene in that file."""
    draw_scene(seed, size).render().save(path)
    return ref_of(path, size)


def plain_at(path: Path, size: tuple[int, int]) -> PictureRef:
    Image.new("RGB", size, (90, 120, 150)).save(path)
    return ref_of(path, size)


def ref_of(path: Path, size: tuple[int, int], name: str = "") -> PictureRef:
    return PictureRef(name or str(path), *size, hashlib.sha256(path.read_bytes()).hexdigest())


def answer(
    pictures: Sequence[PictureRef], findings: Sequence[Finding] = (), text: str = "Here.", claims: Sequence[Claim] = ()
) -> Answer:
    return Answer(
        "where is it?",
        "boxes",
        text,
        tuple(pictures),
        tuple(one for one in findings if isinstance(one, Box)),
        tuple(one for one in findings if isinstance(one, Point)),
        tuple(one for one in findings if isinstance(one, Box3D)),
        claims=tuple(claims),
        model=(("name", "demo"),),
        timings=Timings(tokens=3, total_ms=12.0),
        warnings=("It was cut off.",),
    )


def claimed(margin: float = 3.0) -> Claim:
    verdict = Verdict(Ruling.CONFIRMED, margin, "its right edge (<40 px>) is left of the other's left edge")
    return Claim("red cup", "left_of", "plate", subject_id="b1", object_id="b2", verdict=verdict, text_span=(0, 4))
