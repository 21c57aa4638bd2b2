"""The parts of an evaluation, each a function of how many questions to ask."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from backend.ask import confidence
from scripts.evaluation import (
    answers,
    camera,
    depth,
    films,
    geometry,
    parser_corpus,
    places,
    reliability,
    stereo,
    summary,
    tracks,
    views,
    watching,
    words,
    zooming,
)
from scripts.evaluation.asking import MODEL, demo_asker
from scripts.evaluation.families import ANSWERED_FROM, CALIBRATED_FROM

CALIBRATION = Path(confidence.__file__).with_name("calibration.toml")


def _told(line: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)


def calibrate(questions: int) -> None:
    """Fit the curve and write it into the package."""
    with demo_asker() as asker:
        rows = list(answers.asked(asker, CALIBRATED_FROM, questions, _told))
    weights = reliability.fitted(rows)
    comment = "".join(line for line in CALIBRATION.read_text("utf-8").splitlines(keepends=True) if line.startswith("#"))
    table = "".join(f"{name} = {weight}\n" for name, weight in weights.items())
    CALIBRATION.write_text(f"{comment}\n[{MODEL}]\n{table}", "utf-8")
    confidence.curves.cache_clear()


def _verdicts(questions: int) -> dict[str, Any]:
    return geometry.measured(questions)


def _answers(questions: int) -> dict[str, Any]:
    with demo_asker() as asker:
        rows = list(answers.asked(asker, ANSWERED_FROM, questions, _told))
    weights = confidence.curves().get(MODEL)
    steps = reliability.table(rows, weights) if weights else []
    return {**summary.of_answers(rows), "reliability": steps, "rows": [row.as_dict() for row in rows]}


def _zoom(questions: int) -> dict[str, Any]:
    with demo_asker() as asker:
        return zooming.measured(asker, questions)


def _parser(_questions: int) -> dict[str, Any]:
    score = parser_corpus.score()
    return {"right": score.right, "texts": score.cases, "wrong": list(score.wrong)}


def _solids(_questions: int) -> dict[str, Any]:
    from tests.spatial.tables import CLOSE, LENS_CLOSE, lens_error, lenses, projection_error, projections

    projected = [projection_error(row) for row in projections()]
    known = [lens_error(row) for row in lenses()]
    return {
        "corners computed by hand, to the pixel": f"{sum(error < CLOSE for error in projected)} of {len(projected)}",
        "largest error, metres and pixels": f"{max(projected):.1e}",
        "focal lengths of known lenses, from EXIF": f"{sum(error < LENS_CLOSE for error in known)} of {len(known)}",
        "largest error, share of the focal length": f"{max(known):.1e}",
    }


def _tracks(questions: int) -> dict[str, Any]:
    with demo_asker() as asker:
        return tracks.measured(questions, asker)


def _depth(questions: int) -> dict[str, Any]:
    with demo_asker() as asker:
        return depth.measured(questions, asker)


PARTS: dict[str, Callable[[int], dict[str, Any]]] = {
    "verdicts": _verdicts,
    "places": places.measured,
    "answers": _answers,
    "zoom": _zoom,
    "parser": _parser,
    "solids": _solids,
    "stereo": stereo.measured,
    "films": films.measured,
    "watch": watching.measured,
    "tracks": _tracks,
    "camera": camera.measured,
    "depth": _depth,
    "views": views.measured,
    "words": words.measured,
}
