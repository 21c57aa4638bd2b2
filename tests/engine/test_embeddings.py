"""The store of encoded pictures keeps what was used last, within its budget."""

from __future__ import annotations

import numpy as np

from backend.engine.llama.embeddings import Embedding, EncodedImages


def rows(count: int) -> Embedding:
    return np.zeros((count, 256), np.float32)


def test_the_least_recently_used_goes_first() -> None:
    held = EncodedImages(budget=3 * rows(1).nbytes)
    for key in "abc":
        held.put(key, rows(1))
    assert held.get("a") is not None
    held.put("d", rows(1))
    assert held.get("b") is None
    assert all(held.get(key) is not None for key in "acd")


def test_a_picture_larger_than_the_budget_is_kept_alone() -> None:
    held = EncodedImages(budget=10)
    held.put("a", rows(1))
    held.put("b", rows(9))
    assert held.get("a") is None
    assert held.get("b") is not None


def test_a_cameras_frames_are_kept_in_ram_alone() -> None:
    class Disk(dict[str, Embedding]):
        def put(self, key: str, embedding: Embedding) -> None:
            self[key] = embedding

    disk = Disk()
    held = EncodedImages(store=disk)
    held.put("frame", rows(1), passing=True)
    held.put("photograph", rows(1))
    assert list(disk) == ["photograph"]
    assert held.get("frame") is not None


def test_what_is_put_twice_counts_once() -> None:
    held = EncodedImages(budget=2 * rows(1).nbytes)
    held.put("a", rows(1))
    held.put("b", rows(1))
    held.put("b", rows(1))
    assert held.get("a") is not None
