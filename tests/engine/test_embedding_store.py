"""Encoded pictures on disk: the same numbers back, nothing for other inputs, no harm from damage, crowds and full disks."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import backend
from backend.engine.llama.embedding_store import EmbeddingStore, file_digest
from backend.engine.llama.embeddings import Embedding, EncodedImages
from backend.engine.supervisor import WorkerEngine
from backend.events import Encoding
from tests.engine.conftest import LOCATE, SPEC, A, ask, copied_gguf, question


def rows(seed: int, count: int = 4) -> Embedding:
    return np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)


@pytest.fixture
def store(tmp_path: Path) -> EmbeddingStore:
    return EmbeddingStore(tmp_path / "held", ("projector", "runtime"))


def files(folder: Path) -> list[Path]:
    return sorted((folder / "held").iterdir())


def test_what_was_put_comes_back_bit_by_bit(store: EmbeddingStore, tmp_path: Path) -> None:
    store.put("a", rows(1))
    again = EmbeddingStore(tmp_path / "held", ("projector", "runtime")).get("a")
    assert again is not None
    assert np.array_equal(again, rows(1))
    assert store.get("b") is None


@pytest.mark.parametrize(
    "depends_on", [("projector",), ("projector", "newer"), ("other", "runtime"), ("projector\0runtime", "")]
)
def test_another_projector_or_runtime_finds_nothing(store: EmbeddingStore, tmp_path: Path, depends_on: tuple[str, ...]) -> None:
    store.put("a", rows(1))
    assert EmbeddingStore(tmp_path / "held", depends_on).get("a") is None


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "longer", "foreign"])
def test_a_damaged_file_is_removed_and_counts_as_missing(store: EmbeddingStore, tmp_path: Path, damage: str) -> None:
    store.put("a", rows(1))
    [path] = files(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(
        {
            "cut": whole[:-5],
            "flipped": whole[:-1] + bytes([whole[-1] ^ 1]),
            "empty": b"",
            "longer": whole + b"x",
            "foreign": b"PNG" + whole[3:],
        }[damage]
    )
    assert store.get("a") is None
    assert files(tmp_path) == []
    store.put("a", rows(1))
    assert store.get("a") is not None


def test_the_folder_stays_within_its_limit_and_loses_what_was_not_used_for_longest(tmp_path: Path) -> None:
    size = rows(0).nbytes + 20
    store = EmbeddingStore(tmp_path / "held", (), limit=3 * size)
    for index, key in enumerate("abc"):
        store.put(key, rows(index))
        for path in files(tmp_path):  # an hour ago each, in the order in which they were put
            os.utime(path, (1000 + path.stat().st_mtime // 2, path.stat().st_mtime // 2))
    assert store.get("a") is not None
    (tmp_path / "held" / "left-behind.part").write_bytes(bytes(size))
    os.utime(tmp_path / "held" / "left-behind.part", (1, 1))
    store.put("d", rows(3))
    assert sum(path.stat().st_size for path in files(tmp_path)) <= 3 * size
    assert store.get("a") is not None, "it was used last"
    assert store.get("d") is not None
    assert not (tmp_path / "held" / "left-behind.part").exists()


@pytest.mark.parametrize("place", ["/dev/null/held", "/proc/held"])
def test_a_folder_that_cannot_be_written_costs_nothing_but_time(place: str) -> None:
    store = EmbeddingStore(Path(place), ())
    store.put("a", rows(1))
    assert store.get("a") is None


def test_two_processes_write_and_read_the_same_pictures(tmp_path: Path) -> None:
    script = (
        "import sys; import numpy as np; from pathlib import Path\n"
        "from backend.engine.llama.embedding_store import EmbeddingStore\n"
        f"store = EmbeddingStore(Path({str(tmp_path / 'held')!r}), ('projector', 'runtime'), limit=40000)\n"
        "for turn in range(150):\n"
        "    key = turn % 20\n"
        "    wanted = np.random.default_rng(key).normal(size=(64, 16)).astype(np.float32)\n"
        "    found = store.get(str(key))\n"
        "    assert found is None or np.array_equal(found, wanted)\n"
        "    store.put(str(key), wanted)\n"
    )
    home = Path(backend.__file__).parent.parent
    both = [subprocess.Popen([sys.executable, "-c", script], cwd=home) for _ in range(2)]
    assert [process.wait(100) for process in both] == [0, 0]
    assert all(path.suffix == ".embedding" for path in files(tmp_path))


def test_ram_comes_before_disk_and_both_are_filled(store: EmbeddingStore, tmp_path: Path) -> None:
    EncodedImages(store=store).put("a", rows(1))
    held = EncodedImages(store=store)
    found = held.get("a")
    assert found is not None
    assert np.array_equal(found, rows(1))
    files(tmp_path)[0].unlink()
    assert held.get("a") is found


def test_a_digest_tells_files_apart_by_any_sampled_byte_and_by_size(tmp_path: Path) -> None:
    other = tmp_path / "other.gguf"
    copied_gguf(SPEC.mmproj, other, fields={"clip.vision.attention.layer_norm_epsilon": 2e-6})
    longer = tmp_path / "longer.gguf"
    longer.write_bytes(SPEC.mmproj.read_bytes() + b"\0")
    same = tmp_path / "same.gguf"
    same.write_bytes(SPEC.mmproj.read_bytes())
    assert file_digest(same) == file_digest(SPEC.mmproj)
    assert len({file_digest(path) for path in (SPEC.mmproj, other, longer)}) == 3


@pytest.fixture
def engines() -> Iterator[list[WorkerEngine]]:
    """Opened by the test, closed here."""
    opened: list[WorkerEngine] = []
    yield opened
    for engine in opened:
        engine.close()


def test_another_process_answers_the_same_without_the_vision_tower(engines: list[WorkerEngine], tmp_path: Path) -> None:
    def answered(mmproj: Path) -> tuple[list[tuple[str, float | None]], bool]:
        engines.append(WorkerEngine(replace(SPEC, mmproj=mmproj)))
        reply = ask(engines[-1], question(A, LOCATE))
        return reply.tokens, any(isinstance(event, Encoding) for event in reply.events)

    first, encoded = answered(SPEC.mmproj)
    assert encoded
    again, encoded = answered(SPEC.mmproj)
    assert not encoded
    assert again == first, "every log-probability is equal"
    other = tmp_path / "other.gguf"
    copied_gguf(SPEC.mmproj, other, fields={"clip.vision.attention.layer_norm_epsilon": 2e-6})
    assert answered(other)[1], "another projector sees for itself"
