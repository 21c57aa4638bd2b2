"""What keeps a model from being loaded, and what is said of it."""

from __future__ import annotations

import resource
from dataclasses import replace
from pathlib import Path

import pytest

from backend.engine.api import ModelSpec
from backend.engine.supervisor import WorkerEngine
from backend.errors import ModelError, UsageError
from backend.events import Failed
from tests.engine.conftest import LOCATE, SPEC, A, answers, ask, question, workers


def broken(tmp_path: Path, case: str) -> tuple[ModelSpec, Path]:
    """A model of which one file is of no use, and that file."""
    if case == "swapped":
        return replace(SPEC, text=SPEC.mmproj, mmproj=SPEC.text), SPEC.mmproj
    if case == "text twice":
        return replace(SPEC, mmproj=SPEC.text), SPEC.text
    text, mmproj = case.endswith("text"), case.endswith("mmproj")
    assert text != mmproj
    original = SPEC.text if text else SPEC.mmproj
    bad = tmp_path / f"bad [red]{original.name}"
    data = original.read_bytes()
    match case.split()[0]:
        case "header":
            bad.write_bytes(data[:200])
        case "half":
            bad.write_bytes(data[: len(data) // 2])
        case "empty":
            bad.write_bytes(b"")
        case "picture":
            bad.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
        case "folder":
            bad.mkdir()
    return (replace(SPEC, text=bad) if text else replace(SPEC, mmproj=bad)), bad


CASES = ["swapped", "text twice"] + [
    f"{how} {which}" for how in ("missing", "header", "half", "empty", "picture", "folder") for which in ("text", "mmproj")
]


@pytest.mark.parametrize("case", CASES)
def test_a_file_of_no_use_is_named_with_a_cure(tmp_path: Path, case: str) -> None:
    spec, culprit = broken(tmp_path, case)
    engine = WorkerEngine(spec)
    end = ask(engine, question(A, LOCATE)).end
    assert workers() == []
    assert isinstance(end, Failed)
    assert isinstance(end.error, ModelError), end.error
    assert culprit.name in str(end.error)
    assert end.error.cure
    assert "\n" not in str(end.error)


def test_a_file_that_was_put_right_is_found_by_the_next_question(tmp_path: Path) -> None:
    spec, _ = broken(tmp_path, "missing text")
    engine = WorkerEngine(spec)
    assert not answers(engine)
    spec.text.write_bytes(SPEC.text.read_bytes())
    assert answers(engine)
    engine.close()


def test_a_model_that_cannot_think_is_refused_where_thinking_is_asked() -> None:
    engine = WorkerEngine(replace(SPEC, thinking=True))
    end = ask(engine, question(A, LOCATE)).end
    engine.close()
    assert isinstance(end, Failed)
    assert isinstance(end.error, ModelError)
    assert "think" in str(end.error)


def test_an_absurd_context_is_cut_to_what_the_model_was_trained_on() -> None:
    engine = WorkerEngine(replace(SPEC, context=2_000_000_000))
    end = ask(engine, question("圆" * 100_000)).end
    engine.close()
    assert isinstance(end, Failed)
    assert isinstance(end.error, UsageError)
    assert "2000000000" not in str(end.error)


def test_too_little_memory_shows_while_loading(engine: WorkerEngine) -> None:
    loading = engine.load()
    next(loading)
    [worker] = workers()
    resource.prlimit(worker.pid, resource.RLIMIT_AS, (256 << 20, 256 << 20))
    with pytest.raises(ModelError) as refused:
        list(loading)
    assert refused.value.cure
    assert answers(engine), "the next worker has its memory"
