"""The bundled network on scenes it never saw, against their exact depth; docs/accuracy.md has the figures of many more."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from backend.catalog.depth import choose_depth
from backend.catalog.places import demo_folder
from backend.scene import Box
from backend.spatial.depth import measured, order, shows_depth
from backend.synthetic import EVALUATION_SEEDS
from backend.synthetic.depth_truth import true_inverse
from backend.synthetic.perspective import draw_solids
from backend.synthetic.scenes import draw_scene
from backend.witness.depth import DepthNetwork
from scripts.demo_evaluation import picture_of


@pytest.fixture(scope="module")
def network() -> DepthNetwork:
    return DepthNetwork(choose_depth("demo-depth"), threads=1)


def test_it_is_small_and_takes_what_its_card_says(network: DepthNetwork) -> None:
    assert (demo_folder() / "demo-depth.onnx").stat().st_size < 3_000_000
    assert (network.port.height, network.port.width) == (network.card.size, network.card.size)


def test_it_orders_what_is_clearly_apart(network: DepthNetwork) -> None:
    told: list[bool | None] = []
    for seed in range(20):
        scene = draw_solids(EVALUATION_SEEDS + 500 + seed, None, 3, 4)
        depth = network.see(picture_of(scene, "scene"))
        boxes = {item: Box(*item.box, item.name, id=str(n)) for n, item in enumerate(scene.objects)}
        found = measured(depth, list(boxes.values()))
        for a, b in combinations(scene.objects, 2):
            if max(a.distance, b.distance) > 1.25 * min(a.distance, b.distance):
                nearer = order(depth, found[boxes[a].id], found[boxes[b].id]).nearer
                told.append(None if nearer is None else nearer == (a.distance < b.distance))
    assert len(told) > 40
    assert told.count(False) <= 1
    assert told.count(True) / len(told) > 0.8


def test_its_map_is_the_true_inverse_depth_up_to_scale_and_offset(network: DepthNetwork) -> None:
    correlations = []
    for seed in range(10):
        scene = draw_solids(EVALUATION_SEEDS + 900 + seed)
        values = network.see(picture_of(scene, "scene")).values
        truth = true_inverse(scene, values.shape[1], values.shape[0])
        correlations.append(np.corrcoef(values.ravel(), truth.ravel())[0, 1])
    assert min(correlations) > 0.9
    assert float(np.median(correlations)) > 0.98


def test_it_sees_no_depth_in_flat_scenes(network: DepthNetwork) -> None:
    flat = [network.see(picture_of(draw_scene(EVALUATION_SEEDS + 300 + seed), "flat")) for seed in range(12)]
    assert sum(map(shows_depth, flat)) <= 2
