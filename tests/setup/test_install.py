"""A step that fails, and what the tools get to see of the user's environment."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.environment.excerpt import Excerpt
from scripts.environment.flavour import CPU, CUDA, Flavour
from scripts.environment.install import Installation, steps, tool_environment
from scripts.environment.narration import Narration
from scripts.environment.place import Place, SetupProblem
from tests.setup.checkout import copied


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = copied(tmp_path)
    made.claim()
    return made


@pytest.fixture
def lock(place: Place) -> Iterator[int]:
    descriptor = os.open(place.lock, os.O_RDWR | os.O_CREAT)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    yield descriptor
    os.close(descriptor)


PLAIN = [f"  [{step}/136] c++ -c file{step}.cpp\n" for step in range(1, 30)]
PIPS_OWN = [
    "  error: subprocess-exited-with-error\n",
    "  × it did not run successfully\n",
    "error: failed-wheel-build-for-install\n",
]
_PIP = """#!{python}
import fcntl, os, sys
print(*sys.argv)
try:
    fcntl.flock(os.open({lock!r}, os.O_RDWR), fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    print("the lock is held")
sys.exit(3)
"""


def installation(place: Place, lock: int, flavour: str = CPU) -> Installation:
    """With a pip that looks at the lock, says so, and fails."""
    place.python.parent.mkdir()
    place.python.write_text(_PIP.format(python=sys.executable, lock=os.fspath(place.lock)))
    place.python.chmod(0o755)
    return Installation(
        place, "run", Flavour(flavour, "asked for"), Narration(place.log, steps("run")), lock, tool_environment(place)
    )


def test_a_step_that_fails_shows_the_tools_last_words_and_the_log(
    place: Place, lock: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SetupProblem) as problem:
        installation(place, lock).make_packages()
    assert "the lock is held" in str(problem.value)
    assert str(place.log) in str(problem.value)
    said = capsys.readouterr()
    assert said.out == "", "standard output belongs to sightline"
    assert "1/4 packages" in said.err
    assert "--require-hashes" in place.log.read_text()


def test_a_cuda_build_that_fails_offers_the_cpu(place: Place, lock: int) -> None:
    with pytest.raises(SetupProblem, match="SIGHTLINE_BUILD=cpu"):
        installation(place, lock, CUDA).make_llama()
    assert place.flavour == ""


def test_a_tool_that_outlives_set_up_keeps_the_lock(place: Place, lock: int) -> None:
    """Set-up was killed, its pip was not: nobody else may install into the same folder meanwhile."""
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, pass_fds=(lock,)) as tool:
        os.dup2(os.open(os.devnull, os.O_RDONLY), lock)  # our own hold on it ends here
        again = os.open(place.lock, os.O_RDWR)
        with pytest.raises(BlockingIOError):
            fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert tool.stdin is not None
        tool.stdin.close()
    fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(again)


def test_settings_that_would_lead_pip_astray_are_left_out_and_the_rest_kept(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PYTHONPATH", "PIP_TARGET", "PIP_USER"):
        monkeypatch.setenv(name, "/somewhere")
    monkeypatch.setenv("PIP_PROXY", "proxy.example")
    ours = tool_environment(place)
    assert not {"PYTHONPATH", "PIP_TARGET", "PIP_USER"} & ours.keys()
    assert ours["PIP_PROXY"] == "proxy.example"
    assert ours["PATH"].startswith(str(place.venv / "bin"))


def test_of_a_failed_build_the_first_error_is_shown_and_not_the_page_that_pip_adds() -> None:
    excerpt = Excerpt()
    for line in [*PLAIN, "  CMake Error at CMakeLists.txt:178:\n", "    CUDA::cublas was not found\n", *PLAIN, *PIPS_OWN]:
        excerpt.add(line)
    shown = str(excerpt).splitlines()
    assert shown[:2] == ["    CMake Error at CMakeLists.txt:178:", "    CUDA::cublas was not found"]
    assert len(shown) <= 8


def test_where_no_line_names_an_error_the_end_is_shown() -> None:
    excerpt = Excerpt()
    for line in [*PLAIN, *PIPS_OWN]:
        excerpt.add(line)
    assert str(excerpt).splitlines()[-1] == "    error: failed-wheel-build-for-install"
    assert len(str(excerpt).splitlines()) == 8
