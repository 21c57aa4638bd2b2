"""The tables: what is met, what is missed, what was not measured, and that a written reason outlives a refresh."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.benchmarks import asking, interface, report
from scripts.benchmarks.asking import of
from scripts.benchmarks.goals import goals
from scripts.benchmarks.sheet import Sheet

STOCK = "later question on one picture, time to first token: ours / stock handler"
PAINT = "first paint of the app"


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "benchmarks.md"
    path.write_text("# Benchmarks\n\nby hand\n\n<!-- figures -->\nold\n<!-- end of figures -->\n\nalso by hand\n", "utf-8")
    return path


def result(path: Path, *, ours_ms: float = 100.0, paint_ms: float = 390.0, gpu: bool = False, made: str = "2026-01-01") -> Path:
    """One run's file: the stock handler takes 2 s, llama-server could not be started."""
    later, start = Sheet(), Sheet()
    later.add(of("sightline", asking.LATER), "ms", ours_ms, ours_ms * 1.5)
    later.add(of("MTMDChatHandler", asking.LATER), "ms", 2000.0, 3000.0)
    later.failed("llama-server", "could not be started: there is | no such file")
    start.add(of("sightline", interface.PAINT), "ms", paint_ms)
    data = {
        "made": made,
        "machine": {"processor": "one | of them"},
        "setting": {"gpu": gpu},
        "benchmarks": {"later-question": later.as_dict(), "start": start.as_dict()},
    }
    path.write_text(json.dumps(data), "utf-8")
    return path


def row(document: Path, words: str, heading: str = "CPU") -> list[str]:
    section = document.read_text("utf-8").split(f"### {heading}\n")[1]
    line = next(line for line in section.splitlines() if line.startswith(f"| {words} |"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_met_line_shows_ratio_spread_and_both_sides(document: Path, tmp_path: Path) -> None:
    report.refresh(document, [result(tmp_path / "a.json")])
    _, goal, measured, verdict, why = row(document, STOCK)
    assert (goal, verdict, why) == ("≤ 1/10", "met", "")
    assert measured == "0.05 (0.05…0.05, 2×): 125 against 2,500 ms"


def test_a_missed_line_has_a_place_for_its_reason_which_is_kept(document: Path, tmp_path: Path) -> None:
    report.refresh(document, [result(tmp_path / "a.json", paint_ms=500.0)])
    assert row(document, PAINT)[3:] == ["**missed**", report.MISSING]
    document.write_text(document.read_text("utf-8").replace(report.MISSING, "a cold disk", 1), "utf-8")
    report.refresh(document, [result(tmp_path / "a.json", paint_ms=510.0)])
    assert row(document, PAINT)[3:] == ["**missed**", "a cold disk"]


def test_a_reason_that_was_never_written_goes_with_the_miss(document: Path, tmp_path: Path) -> None:
    report.refresh(document, [result(tmp_path / "a.json", paint_ms=500.0)])
    report.refresh(document, [result(tmp_path / "a.json")])
    assert row(document, PAINT)[3:] == ["met", ""]


def test_a_side_that_failed_leaves_its_reason_instead_of_a_figure(document: Path, tmp_path: Path) -> None:
    report.refresh(document, [result(tmp_path / "a.json")])
    _, _, measured, verdict, _ = row(document, "the same: ours / llama-server with its prompt cache")
    assert measured == "not measured (llama-server: could not be started: there is ∕ no such file)"
    assert verdict == ""


def test_every_line_stands_in_the_table_whatever_was_run(document: Path, tmp_path: Path) -> None:
    report.refresh(document, [result(tmp_path / "a.json")])
    for goal in goals(on_gpu=False):
        assert len(row(document, goal.words)) == 5
    for goal in goals(on_gpu=True):
        assert len(row(document, goal.words, "GPU")) == 5


def test_without_a_run_on_a_gpu_the_document_says_so(document: Path, tmp_path: Path) -> None:
    report.refresh(document, [result(tmp_path / "a.json")])
    assert "Nothing was measured on a GPU" in document.read_text("utf-8")
    report.refresh(document, [tmp_path / "a.json", result(tmp_path / "b.json", gpu=True)])
    assert "Nothing was measured on a GPU" not in document.read_text("utf-8")
    assert row(document, PAINT, "GPU")[3] == "met"


def test_of_two_runs_the_later_one_counts_and_the_words_around_stay(document: Path, tmp_path: Path) -> None:
    newer = result(tmp_path / "newer.json", ours_ms=400.0, made="2026-02-02")
    report.refresh(document, [newer, result(tmp_path / "older.json")])
    assert row(document, STOCK)[3] == "**missed**"
    text = document.read_text("utf-8")
    assert text.startswith("# Benchmarks\n\nby hand\n")
    assert text.endswith("\nalso by hand\n")
    assert "old\n" not in text


def test_a_sheet_is_on_disk_after_every_value(tmp_path: Path) -> None:
    written = tmp_path / "sheet.json"
    Sheet(written).add("one", "ms", 1.0)
    assert Sheet.read(written).values("one") == [1.0]
    assert Sheet.read(tmp_path / "missing.json").as_dict() == Sheet().as_dict()
