"""The demo depth network on scenes it never saw: how exact its maps are, how well it orders, and what it is worth as a
witness."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from statistics import median
from typing import Any

import numpy as np

from backend.ask.depths import open_network
from backend.ask.pipeline import Asker
from backend.ask.task import Question
from backend.ask.witnesses import with_depth
from backend.scene import Box, DepthMap, Ruling
from backend.spatial.camera import Camera
from backend.spatial.depth import Anchor, FitRefused, fitted, order, shows_depth
from backend.spatial.depth import measured as depths_in
from backend.spatial.depth.anchors import met
from backend.spatial.depth.sampling import span
from backend.synthetic.answers import Language, named
from backend.synthetic.depth_truth import true_inverse
from backend.synthetic.perspective import Solid, SolidScene, draw_solids
from backend.synthetic.scenes import draw_scene
from backend.witness.depth import DepthNetwork
from scripts.demo_evaluation import answer_to, picture_of
from scripts.evaluation.answers import every_ruling_given
from scripts.evaluation.families import FAMILIES, MEASURED_FROM
from scripts.evaluation.truth import is_known, is_true, ruled_by_truth, thing

NETWORK = "demo-depth"
FARTHEST = 20.0
"""Metres up to which pixels count: beyond, a level ground is a few rows below the horizon."""
CLEAR = 0.1
"""Of their mean, how much two distances must differ for their order to be clear."""


def measured(questions: int, asker: Asker) -> dict[str, Any]:
    """All figures; `questions`: scenes of each kind, and questions of each family."""
    network = open_network(NETWORK, threads=1)
    scenes = [draw_solids(MEASURED_FROM + number, None, 3, 4) for number in range(questions)]
    seen = [network.see(picture_of(scene, "scene")) for scene in scenes]
    flat = [network.see(picture_of(draw_scene(MEASURED_FROM + n), "flat")) for n in range(questions)]
    return {
        "scenes": questions,
        "pixels": _pixels(scenes, seen),
        "flat without depth": sum(not shows_depth(depth) for depth in flat),
        "order": _orders(scenes, seen),
        "metres": _metres(scenes, seen),
        "verdicts": _verdicts(list(_rows(asker, network, questions))),
    }


def _pixels(scenes: Iterable[SolidScene], seen: Iterable[DepthMap]) -> dict[str, float]:
    """Errors of Z after scale and offset were fitted to the true 1/Z by least squares (Ranftl and others 2020): of all pixels
    up to FARTHEST and of those on boxes; medians over scenes."""
    every: list[tuple[float, float, float]] = []
    for scene, depth in zip(scenes, seen, strict=True):
        rows, columns = depth.values.shape
        truth = true_inverse(scene, columns, rows).astype(float)
        near = truth > 1 / FARTHEST
        on_boxes = (np.asarray(scene.shown(columns, rows)) > 0) & near
        design = np.stack([depth.values[near], np.ones(near.sum())], axis=1)
        slope, offset = np.linalg.lstsq(design, truth[near], rcond=None)[0]
        given = 1 / np.maximum(slope * depth.values + offset, 1 / (10 * FARTHEST))
        ratio = np.maximum(given * truth, 1 / np.maximum(given * truth, 1e-9))
        off = np.abs(given * truth - 1)
        every.append((float(off[near].mean()), float((ratio[near] < 1.25).mean()), float(off[on_boxes].mean())))
    names = ("AbsRel", "δ < 1.25", "AbsRel on boxes")
    return {name: round(median(values), 4) for name, values in zip(names, zip(*every, strict=True), strict=True)}


def _boxes(scene: SolidScene) -> list[tuple[Solid, Box]]:
    return [(item, Box(*item.box, label=item.name, id=f"b{n}")) for n, item in enumerate(scene.objects)]


def _orders(scenes: Iterable[SolidScene], seen: Iterable[DepthMap]) -> dict[str, dict[str, int]]:
    """Of all pairs of boxes, with their true rectangles: whether the nearer one is found, by the nearest ground contact."""
    counts: dict[str, Counter[str]] = {"clear": Counter(), "close": Counter()}
    for scene, depth in zip(scenes, seen, strict=True):
        pairs = _boxes(scene)
        found = depths_in(depth, [box for _, box in pairs])
        for (a, one), (b, two) in combinations(pairs, 2):
            clear = abs(a.distance - b.distance) > CLEAR * (a.distance + b.distance) / 2
            told = None
            if not found[one.id].shared and not found[two.id].shared:
                told = order(depth, found[one.id], found[two.id]).nearer
            outcome = "undetermined" if told is None else "right" if told == (a.distance < b.distance) else "wrong"
            counts["clear" if clear else "close"][outcome] += 1
    return {name: dict(count) for name, count in counts.items()}


def _metres(scenes: Iterable[SolidScene], seen: Iterable[DepthMap]) -> dict[str, Any]:
    """Fits to the true distances of all boxes; and of scenes with four boxes one foretold from the three others."""
    residuals, foretold, refused, fits = [], [], Counter[str](), 0
    for scene, depth in zip(scenes, seen, strict=True):
        anchors = list(_anchors(scene, depth))
        if len(anchors) < 3:
            continue
        fits += 1
        try:
            residuals.append(fitted(anchors, span(depth)).residual)
        except FitRefused as error:
            refused[str(error).split(":")[0][:40]] += 1
        for left_out in anchors if len(anchors) > 3 else ():
            try:
                scale = fitted([anchor for anchor in anchors if anchor is not left_out], span(depth))
            except FitRefused:
                continue
            metres = scale.metres(left_out.value)
            foretold.append(abs(metres / left_out.metres - 1) if metres else 1.0)
    return {
        "fits": fits,
        "refused": sum(refused.values()),
        "residual, median": round(median(residuals), 4),
        "foretold": len(foretold),
        "foretold, median error": round(median(foretold), 4),
        "foretold, within 15 %": sum(error < 0.15 for error in foretold),
    }


def _anchors(scene: SolidScene, depth: DepthMap) -> Iterator[Anchor]:
    camera = Camera(scene.width, scene.height, scene.width / (2 * scene.half_view), scene.width / 2, scene.height / 2)
    pairs = _boxes(scene)
    found = depths_in(depth, [box for _, box in pairs])
    for item, box in pairs:
        solid = thing(item, "en").solid
        metres = met(solid, camera, box.centre) if solid is not None else None
        if metres is not None and not found[box.id].shared:
            yield Anchor(item.name, found[box.id].value, metres, "given")


@dataclass(frozen=True, slots=True)
class Row:
    """One claim of the demo model about near and far, with what is said of it without and with the network."""

    family: str
    second_looks: bool
    true: bool
    clear: bool
    without: str
    """The ruling."""
    with_depth: str
    disagreed: bool
    """The model did not stand by it when it was asked again."""
    witness: bool | None
    """Whether the network speaks for the claim; None where it does not tell."""


def _rows(asker: Asker, network: DepthNetwork, questions: int) -> Iterator[Row]:
    for family in (family for family in FAMILIES if family.name in ("nearer", "hides")):
        for number in range(questions):
            language: Language = "en" if number % 2 else "zh"
            rng = random.Random(MEASURED_FROM + number)
            scene = family.draw(rng)
            question = family.ask(rng, scene, language)
            if question is None:
                continue
            picture = picture_of(scene, f"{family.name}-{number}")
            depth = network.see(picture)
            by_name = {named(item, language): item for item in scene.objects}
            for second in (False, True):
                with every_ruling_given():
                    answer = answer_to(asker, Question(question, (picture,), second_looks=second))
                for claim in answer.claims:
                    a, b = by_name.get(claim.subject), by_name.get(claim.object)
                    if a is None or b is None or claim.text_span is None or not is_known(claim.relation, a):
                        continue
                    heard = with_depth(claim, answer.boxes, depth)
                    yield Row(
                        family.name,
                        second,
                        is_true(claim, a, b, scene),
                        ruled_by_truth(claim, a, b, scene, language) != "undetermined",
                        claim.verdict.ruling.value if claim.verdict else "",
                        heard.verdict.ruling.value if heard.verdict else "",
                        any(again.agrees is False for again in claim.asked_again),
                        heard.witnesses[0].agrees if heard.witnesses else None,
                    )


def _verdicts(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Wrong claims that the reader is warned of, and right ones that are doubted: of those that the true boxes decide, and of
    all, whose truth the scene knows as well."""
    lines = []
    for second in (True, False):
        for name, fits in _GROUPS:
            these = [row for row in rows if row.second_looks == second and fits(row)]
            for heard in (False, True):
                told = [replace(row, without=row.with_depth) if heard else replace(row, witness=None) for row in these]
                lines.append(
                    {
                        "claims": name,
                        "looks": "with second looks" if second else "without",
                        "network": heard,
                        **_told([row for row in told if not row.true], "wrong"),
                        **_told([row for row in told if row.true], "right"),
                    }
                )
    return lines


_GROUPS: tuple[tuple[str, Callable[[Row], bool]], ...] = (
    ("nearer", lambda row: row.clear and row.family == "nearer"),
    ("hides", lambda row: row.clear and row.family == "hides"),
    ("**depth and hiding**", lambda row: row.clear),
    ("all, close ones included", lambda _row: True),
)


def _told(rows: list[Row], name: str) -> dict[str, int]:
    against = Ruling.CONTRADICTED.value
    return {
        name: len(rows),
        f"{name}, doubted": sum(row.without == against or row.disagreed or row.witness is False for row in rows),
        f"{name}, contradicted": sum(row.without == against for row in rows),
        f"{name}, confirmed": sum(row.without == Ruling.CONFIRMED.value for row in rows),
    }


def table(figures: dict[str, Any]) -> str:
    """For docs/accuracy.md."""
    pixels, metres, scenes = figures["pixels"], figures["metres"], figures["scenes"]
    clear, close = figures["order"]["clear"], figures["order"]["close"]
    told = [
        ("AbsRel, median over scenes, up to 20 m", f"{pixels['AbsRel']:.3f}"),
        ("δ < 1.25", f"{pixels['δ < 1.25']:.1%}"),
        ("AbsRel on boxes alone", f"{pixels['AbsRel on boxes']:.3f}"),
        ("order of two boxes that are 10 % apart: right", _counted(clear, "right")),
        ("… wrong", _counted(clear, "wrong")),
        ("order of closer ones: right", _counted(close, "right")),
        ("… wrong", _counted(close, "wrong")),
        ("flat scenes in which it sees no depth", f"{figures['flat without depth'] / scenes:.1%} of {scenes}"),
        ("fit to the true distances of 3 or 4 boxes: residual, median", f"{metres['residual, median']:.1%}"),
        ("… refused", f"{metres['refused']} of {metres['fits']}"),
        ("a fourth box foretold from three: error, median", f"{metres['foretold, median error']:.1%}"),
        ("… within 15 %", f"{metres['foretold, within 15 %'] / metres['foretold']:.1%} of {metres['foretold']}"),
    ]
    lines = [f"| {name} | {value} |" for name, value in told]
    heads = "| claims | | network | wrong | warned of | confirmed | right | doubted | contradicted | confirmed |"
    verdicts = [
        f"| {row['claims']} | {row['looks']} | {'yes' if row['network'] else 'no'} | {row['wrong']} "
        f"| {_share(row, 'wrong', 'doubted')} | {_share(row, 'wrong', 'confirmed')} | {row['right']} "
        f"| {_share(row, 'right', 'doubted')} | {_share(row, 'right', 'contradicted')} | {_share(row, 'right', 'confirmed')} |"
        for row in figures["verdicts"]
    ]
    return "\n".join(["| | |", "|---|---|", *lines, "", heads, f"|{'---|' * 10}", *verdicts]) + "\n"


def _counted(counts: dict[str, int], outcome: str) -> str:
    total = sum(counts.values())
    return f"{counts.get(outcome, 0) / total:.1%} of {total}" if total else "none"


def _share(row: dict[str, Any], of: str, what: str) -> str:
    part, whole = row[f"{of}, {what}"], row[of]
    return f"{part / whole:.1%} ({part})" if whole else "none"
