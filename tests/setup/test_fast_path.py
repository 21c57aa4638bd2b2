"""scripts/run with an environment that is ready: straight to `sightline`, without Python; and everything that must stop it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scripts.environment.place import Place
from tests.setup.checkout import call, copied, pretend_ready, tools

OLD_PYTHON = 'case "$1" in --version) echo "Python 3.9.2" ;; *) exit 1 ;; esac\n'


@pytest.fixture
def place(tmp_path: Path) -> Place:
    ready = copied(tmp_path)
    pretend_ready(ready)
    return ready


def test_a_ready_environment_runs_sightline_without_any_python_on_the_path(place: Place, tmp_path: Path) -> None:
    done = call(place, "run", "ask", "two words", "--json", PATH=tools(tmp_path / "bin"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "sightline:ask\nsightline:two words\nsightline:--json\n"


def test_it_is_reached_through_a_symbolic_link_too(place: Place, tmp_path: Path) -> None:
    link = tmp_path / "somewhere" / "sightline-here"
    link.parent.mkdir()
    link.symlink_to(place.root / "scripts" / "run")
    done = call(place, os.fspath(link), "x", PATH=tools(tmp_path / "bin"))
    assert (done.returncode, done.stdout) == (0, "sightline:x\n")


def _change_pyproject(place: Place) -> None:
    (place.root / "pyproject.toml").write_text("[project]\n")


def _change_lock(place: Place) -> None:
    place.requirements("run").write_text("")


def _lose_stamp(place: Place) -> None:
    (place.venv / "ready-run").unlink()


def _lose_program(place: Place) -> None:
    (place.venv / "bin" / "sightline").unlink()


def _other_python(place: Place) -> None:
    place.python.unlink()
    place.python.symlink_to("/nowhere/python3.10")


def _other_checkout(place: Place) -> None:
    """As after moving the folder: the environment speaks of another path."""
    stamp = place.venv / "ready-run"
    stamp.write_bytes(stamp.read_bytes().replace(b"a checkout", b"b checkout", 1))


@pytest.mark.parametrize("spoil", [_change_pyproject, _change_lock, _lose_stamp, _lose_program, _other_python, _other_checkout])
def test_whatever_the_environment_was_made_from_is_noticed_when_it_changes(spoil: object, place: Place, tmp_path: Path) -> None:
    assert callable(spoil)
    spoil(place)
    done = call(place, "run", "--help", PATH=tools(tmp_path / "bin", python3=OLD_PYTHON))
    assert done.returncode == 1, "set-up was not asked for"
    assert done.stdout == ""


def test_another_flavour_asked_for_is_noticed(place: Place, tmp_path: Path) -> None:
    path = tools(tmp_path / "bin", python3=OLD_PYTHON)
    assert call(place, "run", PATH=path, SIGHTLINE_BUILD="cpu").returncode == 0
    assert call(place, "run", PATH=path, SIGHTLINE_BUILD="cuda").returncode == 1


def test_a_python_that_is_too_old_is_named_with_the_cure(tmp_path: Path) -> None:
    done = call(copied(tmp_path), "run", PATH=tools(tmp_path / "bin", python3=OLD_PYTHON))
    assert done.returncode == 1
    assert "needs Python 3.11 or newer, and here is Python 3.9.2" in done.stderr
    assert "SIGHTLINE_PYTHON" in done.stderr


def test_no_python_at_all_is_said(tmp_path: Path) -> None:
    done = call(copied(tmp_path), "run", PATH=tools(tmp_path / "bin"))
    assert done.returncode == 1
    assert "here is no python3 that runs" in done.stderr


def test_the_shell_and_python_describe_an_environment_in_the_same_bytes(place: Place, tmp_path: Path) -> None:
    """Written by one, compared by the other: were they different, every start would set up again."""
    script = place.root / "scripts" / "describe"
    script.write_text('#!/bin/sh\n. "$(dirname -- "$0")/environment.sh"\ndescription "$1"\n')
    script.chmod(0o755)
    for kind in ("run", "dev"):
        assert call(place, "describe", kind, PATH=tools(tmp_path / "bin")).stdout.encode() == place.description(kind)
