"""`sightline doctor` in sound and in broken installations: the report is whole, problems have cures, the exit code is true."""

from __future__ import annotations

import json
import os
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from backend.cli import AppRequest, main
from backend.cli.checkup import folders
from backend.language import columns, padded
from tests.catalog.pairs import write_pair
from tests.nobody import unprivileged

SECTIONS = ["terminal", "runtime", "devices", "models", "folders", "log"]


def never(request: AppRequest) -> int:
    raise AssertionError(f"the app was opened: {request}")


class Patient:
    """A user's installation, and what the doctor says about it."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.config = home / "config" / "sightline"
        self.models = home / "data" / "sightline" / "models"
        self.state = home / "state" / "sightline"
        self._capsys = capsys

    def says(self, *arguments: str) -> tuple[int, str]:
        """Exit code and standard output."""
        code = main(never, ["doctor", *arguments])
        printed = self._capsys.readouterr()
        assert printed.err == ""
        return code, printed.out

    def printed(self) -> str:
        """What was said since."""
        return self._capsys.readouterr().out

    def data(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        code, out = self.says("--json", *arguments)
        assert out.count("\n") == 1
        return code, json.loads(out)

    def is_told(self, problem: str, cure: str, *arguments: str, code: int = 0) -> None:
        """The report is whole, says that problem with that cure, and ends with that code."""
        ended, out = self.says(*arguments)
        assert ended == code
        assert [line for line in out.splitlines() if line in SECTIONS] == SECTIONS
        stated, advised = next(pair for pair in _pairs(out) if problem in pair[0])
        assert cure in advised
        assert stated.startswith("!!") == bool(code)


def _pairs(out: str) -> list[tuple[str, str]]:
    """Problems, each with the cure on the line below."""
    lines = out.splitlines()
    return [(line, below) for line, below in pairwise(lines) if line.startswith("!")]


@pytest.fixture
def patient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Patient:
    for name in ("config", "data", "state", "cache", "runtime"):
        monkeypatch.setenv("XDG_RUNTIME_DIR" if name == "runtime" else f"XDG_{name.upper()}_HOME", str(tmp_path / name))
    for name in ("SIGHTLINE_MODELS", "SIGHTLINE_MODEL", "SIGHTLINE_FORCE", "NO_COLOR", "LC_ALL", "LC_CTYPE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TERM", "xterm-256color")
    return Patient(tmp_path, capsys)


def test_a_sound_installation(patient: Patient) -> None:
    code, out = patient.says()
    assert code == 0
    assert out.endswith("no problems\n")
    for part in (
        "256 colours",
        "llama-cpp-python",
        "GB free",
        "weights 9 MB, KV cache 13 MB",
        "would",
        "assumed",
        "not there yet",
    ):
        assert part in out


def test_as_data(patient: Patient) -> None:
    code, data = patient.data()
    assert code == 0
    assert list(data) == ["schema", *SECTIONS, "problems"]
    assert data["problems"] == []
    assert data["runtime"]["backends"]
    assert data["models"]["answers"] == "demo"
    demo = data["models"]["known"][0]
    assert demo["needs"]["total"] == sum(demo["needs"][part] for part in ("weights", "kv", "compute", "vision"))
    assert demo["measurements"] == []
    assert data["terminal"]["pictures"]["asked"] is False  # there is no terminal
    assert data["terminal"]["pictures"]["answers"] == []
    assert data["devices"]["ram_free"] <= data["devices"]["ram_total"]


def test_settings_that_are_not_understood_stop_every_answer(patient: Patient) -> None:
    patient.config.mkdir(parents=True)
    (patient.config / "models.toml").write_text("[models.demo]\ncontxt = 5\n")
    patient.is_told("key “contxt”: this key is unknown", "did you mean “context”?", code=4)
    code, data = patient.data()
    assert code == 4
    assert [(problem["stops"], problem["cure"]) for problem in data["problems"]] == [(True, "did you mean “context”?")]
    (patient.config / "models.toml").write_bytes(b"\xff\xfe")
    patient.is_told("is not UTF-8 text", "save it as UTF-8", code=4)


def test_tasks_that_are_not_understood_stop_every_answer(patient: Patient) -> None:
    patient.config.mkdir(parents=True)
    (patient.config / "tasks.toml").write_text("[tasks.boxes]\nauto = ['(']\n")
    patient.is_told("[tasks.boxes], key “auto”", "correct it in that file", code=4)


def test_a_runtime_that_is_too_old(patient: Patient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = tmp_path / "old" / "llama_cpp_python-0.3.35.dist-info"
    record.mkdir(parents=True)
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: llama-cpp-python\nVersion: 0.3.35\n")
    monkeypatch.syspath_prepend(record.parent)
    patient.is_told("0.3.35 is too old: ones earlier than 0.3.36 compute Qwen3-VL positions wrongly", "scripts/setup --fresh")


def test_a_runtime_that_cannot_be_loaded(patient: Patient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "llama_cpp.py").write_text("raise OSError('libllama.so is for another processor')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    patient.is_told("libllama.so is for another processor", "scripts/setup --fresh", code=4)
    patient.is_told("libllama.so is for another processor", "scripts/setup --fresh", "--selftest", code=4)


def test_a_gpu_that_the_build_cannot_use(patient: Patient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\nprintf '81000, NVIDIA X\\n'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    code, data = patient.data()
    assert code == 0
    assert data["devices"]["gpus"][0]["name"] == "NVIDIA X"
    if not data["runtime"]["gpu_offload"]:
        patient.is_told("built without CUDA", "scripts/setup")


def test_a_models_folder_that_is_not_there(patient: Patient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_MODELS", str(tmp_path / "unplugged"))
    patient.is_told("SIGHTLINE_MODELS names", "pull a model into it")


def test_a_broken_model_is_named_and_another_one_answers(patient: Patient) -> None:
    folder = patient.models / "qwen3-vl-2b-instruct"
    text, mmproj = write_pair(folder)
    text.unlink()
    mmproj.rename(folder / "mmproj-Qwen3VL-2B-Instruct-Q8_0.gguf")
    (folder / "Qwen3VL-2B-Instruct-Q4_K_M.gguf").write_bytes(b"GGUF")
    patient.is_told("qwen3-vl-2b-instruct", "sightline models check")
    assert "broken: " in patient.says()[1]


def test_a_model_that_is_insisted_on_and_not_there(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    patient.is_told("qwen3-vl-2b-instruct is not installed", "models pull", "--model", "qwen3-vl-2b-instruct", code=4)
    monkeypatch.setenv("SIGHTLINE_MODEL", "gpt")
    patient.is_told("there is no model “gpt”", "known models", code=4)


@pytest.mark.usefixtures("patient")
def test_folders_that_cannot_be_written(tmp_path: Path) -> None:
    for folder in (tmp_path, *list(tmp_path.parents)[:2]):
        folder.chmod(0o755)
    (tmp_path / "state").mkdir(mode=0o555)
    with unprivileged():
        problems = folders().problems
    assert any("logs: " in problem.message and "permissions" in problem.cure for problem in problems)


def test_preferences_that_are_not_understood_are_told_of(patient: Patient) -> None:
    patient.config.mkdir(parents=True)
    (patient.config / "config.toml").write_text('graphics = "watercolour"\n')
    assert "watercolour" in patient.says()[1]
    (patient.config / "config.toml").write_text('graphics = "quadrants"\n')
    _, data = patient.data()
    assert data["terminal"]["pictures"]["insisted"] == "quadrants"


def test_a_terminal_without_unicode(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "C")
    patient.is_told("the locale is not UTF-8", "LC_ALL=C.UTF-8")
    monkeypatch.setenv("TERM", "evil\x1b[31m")
    assert "\x1b" not in patient.says()[1]


def test_what_the_engine_complained_of(patient: Patient) -> None:
    log = patient.state / "log" / "engine.log"
    log.parent.mkdir(parents=True)
    log.write_text("2026-01-02 03:04:05,678 123 llama.cpp ERROR failed to open \x1b[31m\n")
    code, out = patient.says()
    assert code == 0
    assert "2026-01-02 03:04:05 failed to open \\e[31m" in out


def test_the_selftest_measures_keeps_and_is_remembered(patient: Patient) -> None:
    code, data = patient.data("--selftest", "--scenes", "1", "--model", "demo")
    assert code == 0
    assert data["problems"] == []
    tested = data["selftest"]
    assert 0 < tested["sigma"] < 0.02
    assert [line["width"] for line in tested["sizes"]] == [160, 240, 480, 640, 720, 1920]
    assert len(list((patient.state / "measured").iterdir())) == 1
    code, out = patient.says()
    assert code == 0
    assert f"{tested['sigma']:.2%} of the longer side (measured 2" in out


def test_in_chinese_nothing_of_it_is_english_and_its_columns_stand_below_each_other(patient: Patient) -> None:
    code, out = patient.says()
    assert (code, main(never, ["--language", "zh_CN", "doctor"])) == (0, 0)
    told = patient.printed()
    english = {line.strip().partition("  ")[0] for line in out.splitlines() if line.startswith("  ")}
    same = english & {line.strip().partition("  ")[0] for line in told.splitlines()}
    assert not {one for one in same if one.isalpha() and one.islower() and one not in ("demo",)}
    assert "the terminal did not answer" in out
    assert "the terminal did not answer" not in told
    for section in told.split("\n\n")[:-1]:
        rows = [line for line in section.splitlines()[1:] if not line.startswith("   ")]
        ends = {columns(label) for row in rows for label in re.findall(r"^  \S+(?: \S+)* {2,}", row)}
        assert len(ends) == 1, section


def test_columns_are_counted_as_terminals_do() -> None:
    assert [columns(text) for text in ("", "abc", "深度", "a深", "e\u0301", "×")] == [0, 3, 4, 3, 1, 1]
    assert padded("深度", 6) == "深度  "
