"""The errors of the engine's log."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.engine import complaints
from backend.engine.process import log_file

ENTRY = "2026-01-02 03:04:05,678 123 llama.cpp {} {}"


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    log_file().parent.mkdir(parents=True)
    return log_file()


def test_errors_and_what_was_printed_past_the_log(log: Path) -> None:
    lines = [
        ENTRY.format("INFO", "loaded"),
        ENTRY.format("ERROR", "no such file \x1b[31m"),
        "ggml.c:1: GGML_ASSERT(x) failed",
        "Traceback (most recent call last):",
        '  File "x.py", line 1, in y',
        "ValueError: z",
        "",
        ENTRY.format("WARNING", "slow"),
    ]
    log.write_text("\n".join(lines))
    assert complaints.recent(5) == [
        "2026-01-02 03:04:05 no such file \\e[31m",
        "ggml.c:1: GGML_ASSERT(x) failed",
        "ValueError: z",
    ]
    assert complaints.recent(1) == ["ValueError: z"]


def test_only_the_end_of_a_long_log_is_read(log: Path) -> None:
    log.write_text(f"{ENTRY.format('ERROR', 'old')}\n" + f"{ENTRY.format('INFO', 'x' * 1000)}\n" * 400)
    assert complaints.recent(5) == []


def test_no_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "none"))
    assert complaints.recent(5) == []
