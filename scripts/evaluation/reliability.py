"""Confidence: fitted on some scenes, and held against others: of the rulings that are called 90 % sure, how many are right?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from backend.ask.confidence import NAMES, logistic
from scripts.evaluation.answers import Row

EDGES = (0.0, 0.5, 0.75, 0.9, 0.95, 0.98, 1.0)
_RIDGE = 1.0
"""Weight of the prior that keeps the curve flat where there is little to learn from."""


def right(row: Row) -> bool:
    """Whether what was ruled is so."""
    return (row.ruling == "confirmed") == row.true


def fitted(rows: Iterable[Row]) -> dict[str, float]:
    """The weights of the logistic curve, by Newton's method with a ridge on everything but the constant."""
    known = [row for row in rows if row.signs is not None and row.ruling in ("confirmed", "contradicted")]
    x = np.array([row.signs for row in known], dtype=float)
    y = np.array([right(row) for row in known], dtype=float)
    ridge = _RIDGE * np.eye(x.shape[1])
    ridge[0, 0] = 1e-6
    weights = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        step = np.linalg.solve(x.T @ (x * (p * (1 - p))[:, None]) + ridge, x.T @ (y - p) - ridge @ weights)
        weights += step
        if float(np.abs(step).max()) < 1e-8:
            break
    return dict(zip(NAMES, (round(float(weight), 4) for weight in weights), strict=True))


def table(rows: Iterable[Row], weights: Sequence[float]) -> list[dict[str, Any]]:
    """By what the curve says: how many rulings, what it says on average, and how many are right. Those that would be taken
    back are in it."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in EDGES[1:]]
    for row in rows:
        if row.signs is None or row.ruling not in ("confirmed", "contradicted"):
            continue
        chance = logistic(sum(w * s for w, s in zip(weights, row.signs, strict=True)))
        bins[next(n for n, edge in enumerate(EDGES[1:]) if chance <= edge)].append((chance, right(row)))
    return [
        {
            "from": low,
            "to": high,
            "rulings": len(held),
            "said": round(sum(chance for chance, _ in held) / len(held), 3) if held else None,
            "right": round(sum(ok for _, ok in held) / len(held), 3) if held else None,
        }
        for low, high, held in zip(EDGES, EDGES[1:], bins, strict=False)
    ]
