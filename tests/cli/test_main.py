"""The command line without a model: usage, exit codes, and what it opens."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.cli import AppRequest, main
from backend.cli.complaint import report
from backend.errors import EngineFailure, ModelError, QuestionCancelled, UnreadablePicture, UsageError
from backend.spatial.known_camera import GivenCamera


class Opened:
    """Stands in for the app: keeps what it was opened with."""

    def __init__(self, code: int = 0) -> None:
        self.requests: list[AppRequest] = []
        self._code = code

    def __call__(self, request: AppRequest) -> int:
        self.requests.append(request)
        return self._code


def never(request: AppRequest) -> int:
    raise AssertionError(f"the app was opened: {request}")


def test_help_lists_every_command_and_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(never, ["--help"]) == 0
    shown = capsys.readouterr().out
    for word in ("ask", "models", "doctor", "demo", "parse", "formats", "--model", "130 cancelled"):
        assert word in shown


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--nonsense"], "--nonsense"),
        (["ask"], "QUESTION"),
        (["ask", "where is it?"], "no picture was given"),
        (["ask", "  ", "a.png"], "the question is empty"),
        (["ask", "where?", "-", "-"], "only one of the pictures"),
        (["ask", "where?", "a.png", "--task", "smell"], "smell"),
        (["ask", "where?", "a.png", "--max-tokens", "0"], "max-tokens"),
        (["ask", "-q", "where?"], "no picture was given"),
        (["ask", "-q", " ", "-q", "", "a.png"], "the question is empty"),
        (["ask", "-q", "where?", "--questions", "list.txt", "a.png"], "-q and with --questions"),
        (["ask", "where?", "a.png", "-q", "and how many?"], "every argument is a picture"),
        (["ask", "--questions", "no-such-list.txt", "a.png"], "No such file"),
        (["ask", "--questions", "-", "-"], "both a picture and the questions"),
        (["no-such-place"], "no file or folder"),
        (["--fov", "wide"], "no field of view"),
        (["--fov", "70", "--calibration", "c.yml"], "--fov and --calibration both"),
        (["--calibration", "none.yml"], "no calibration sightline can use: there is no such file"),
    ],
)
def test_usage_errors_exit_with_2_and_say_what_to_do(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(never, arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert says in printed.err
    assert "→" in printed.err


def test_the_app_is_not_opened_without_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(never, [str(tmp_path)]) == 2
    assert "needs a terminal" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], AppRequest((), None, demo=False)),
        (["demo"], AppRequest((), "demo", demo=True)),
        (["--model", "qwen3-vl-4b-instruct"], AppRequest((), "qwen3-vl-4b-instruct", demo=False)),
        (["--fov", "70"], AppRequest((), None, demo=False, camera=GivenCamera(hfov=70))),
        (["--camera", "800,400,300", "demo"], AppRequest((), "demo", True, GivenCamera(focal=800, centre=(400, 300)))),
    ],
)
def test_the_app_opens_on_what_was_asked_for(
    arguments: list[str], expected: AppRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Opened(7)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert main(opened, arguments) == 7
    assert opened.requests == [expected]


def test_options_may_come_after_the_paths_and_a_path_may_look_like_an_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "--new").mkdir()
    opened = Opened(7)
    assert main(opened, [str(tmp_path), "--new", "--graphics", "ascii", "--model", "demo"]) == 7
    assert main(opened, ["--model", "demo", "--", "--new"]) == 7
    after, before = opened.requests
    assert (after.paths, after.new, after.graphics, after.model) == ((tmp_path,), True, "ascii", "demo")
    assert (before.paths, before.new) == ((Path("--new"),), False)


def test_a_path_is_opened_even_where_it_looks_like_markup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = tmp_path / "[red]x[bold]\n\x1b[31m"
    odd.mkdir()
    opened = Opened(7)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert main(opened, [str(odd)]) == 7
    assert opened.requests[0].paths == (odd,)


def test_messages_carry_no_escape_sequences(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(never, ["no\x1b[31m-such\nplace"]) == 2
    printed = capsys.readouterr().err
    assert "\x1b" not in printed
    assert "\\e[31m" in printed


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("x"), 2),
        (UnreadablePicture("a.png", "it is empty"), 3),
        (ModelError("x"), 4),
        (EngineFailure("x"), 5),
        (QuestionCancelled("x"), 130),
    ],
)
def test_each_kind_of_failure_has_its_exit_code(error: UsageError, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(error) == code
    assert capsys.readouterr().err.startswith("sightline: ")
