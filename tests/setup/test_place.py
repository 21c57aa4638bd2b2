"""What may be updated, what must be made anew, and what is never touched."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.environment.place import Place, SetupProblem
from tests.setup.checkout import copied, pretend_ready


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return copied(tmp_path)


def test_a_complete_environment_is_updated_and_an_interrupted_one_made_anew(place: Place) -> None:
    assert not place.can_be_updated()
    pretend_ready(place)
    place.requirements("run").write_text("")
    assert not place.ready("run")
    assert place.can_be_updated()
    place.mark_unready()
    assert not place.can_be_updated()


def test_a_moved_checkout_makes_its_environment_anew(place: Place) -> None:
    pretend_ready(place)
    moved = place.root.with_name("moved")
    place.root.rename(moved)
    there = Place(moved, moved / ".venv")
    assert not there.ready("run")
    assert not there.can_be_updated()


def test_a_folder_that_set_up_did_not_make_is_left_alone(place: Place) -> None:
    place.venv.mkdir()
    (place.venv / "letters").write_text("mine")
    with pytest.raises(SetupProblem, match="not made by sightline"):
        place.claim()
    assert [entry.name for entry in place.venv.iterdir()] == ["letters"]


def test_a_place_that_cannot_be_written_is_named_with_the_cure(place: Place) -> None:
    """A file stands where the folder should be made: refused for root as well, whom permissions do not stop."""
    (place.root / "file").write_text("")
    with pytest.raises(SetupProblem, match="SIGHTLINE_VENV"):
        replace(place, venv=place.root / "file" / "venv").claim()


def test_why_it_was_built_so_is_kept_beside_what_the_next_run_compares(place: Place) -> None:
    place.claim()
    place.mark_flavour("cpu", "no NVIDIA driver answers")
    assert place.flavour == "cpu"
    assert (place.venv / "flavour-reason").read_text() == "no NVIDIA driver answers\n"


def test_a_changed_recipe_is_noticed_and_builds_the_library_anew(place: Place) -> None:
    pretend_ready(place)
    assert (place.ready("run"), place.built("cpu"), place.built("cuda")) == (True, True, False)
    place.recipe.write_text("set(LLAMA_BUILD_COMMON ON)\n")
    assert (place.ready("run"), place.built("cpu")) == (False, False)
    assert place.can_be_updated()


def test_clearing_keeps_the_log_and_the_lock_and_follows_no_link(place: Place, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "letter").write_text("mine")
    pretend_ready(place)
    place.lock.write_text("")
    (place.venv / "link").symlink_to(outside)
    place.clear()
    assert sorted(entry.name for entry in place.venv.iterdir()) == ["setup.lock", "setup.log"]
    assert (outside / "letter").read_text() == "mine"


def test_a_second_set_up_waits_for_the_first_and_then_has_nothing_to_do(place: Place) -> None:
    pretend_ready(place)
    place.mark_unready()
    held = os.open(place.lock, os.O_RDWR | os.O_CREAT)
    fcntl.flock(held, fcntl.LOCK_EX)
    second = subprocess.Popen(
        [sys.executable, "-m", "scripts.environment", "run"],
        cwd=place.root,
        env={"SIGHTLINE_VENV": os.fspath(place.venv), "PATH": "/nowhere"},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert second.stderr is not None
    assert "another set-up is at work here" in second.stderr.readline()
    place.mark_ready("run", place.description("run"))
    os.close(held)
    assert second.wait(timeout=30) == 0
    assert second.stderr.read() == ""
