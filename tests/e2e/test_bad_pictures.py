"""What `sightline ask` says of files that are no pictures, and does with pictures that are unusual."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.bad_files import ACCEPTED, HOSTILE, HOSTILE_SHOWN, REFUSED, Accepted, Refused
from tests.e2e.program import Ended, Home

LOCATE = "Locate the red circle, report bbox coordinates in JSON format."


def assert_refused(done: Ended, name: str, says: str) -> None:
    """Exit code 3, nothing on standard output, and on standard error which file, what is wrong, and what to do."""
    assert (done.code, done.out) == (3, b"")
    message, cure = done.err.splitlines()
    assert f"“{name}”" in message
    assert says in message
    assert cure.startswith("  → ")
    assert "\x1b" not in done.err


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_what_is_no_picture_is_refused_with_3(case: Refused, home: Home) -> None:
    case.make(home.folder / case.name)
    assert_refused(home.sightline("ask", LOCATE, case.name), case.name, case.says)


def test_a_file_that_may_not_be_read_is_refused_with_3(home: Home, scene: Path) -> None:
    scene.chmod(0)
    assert_refused(home.sightline("ask", LOCATE, scene.name, without_rights=True), "scene.png", "permission")


def test_empty_standard_input_is_refused_with_3(home: Home) -> None:
    assert_refused(home.sightline("ask", LOCATE, "-"), "-", "empty")


def test_one_bad_picture_among_good_ones_is_the_one_that_is_named(home: Home, scene: Path) -> None:
    (home.folder / "empty.png").write_bytes(b"")
    assert_refused(home.sightline("ask", LOCATE, scene.name, "empty.png"), "empty.png", "empty")


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda case: case.name)
def test_an_unusual_picture_is_answered_in_its_upright_size(case: Accepted, home: Home) -> None:
    case.make(home.folder / case.name)
    done = home.sightline("ask", LOCATE, case.name, "--json")
    assert done.code == 0, done.err
    answer = json.loads(done.out)
    assert (answer["pictures"][0]["width"], answer["pictures"][0]["height"]) == case.size
    assert case.notes in " ".join(answer["warnings"])


def test_a_hostile_file_name_is_shown_and_never_obeyed(home: Home, scene: Path) -> None:
    scene.rename(home.folder / HOSTILE)
    done = home.sightline("ask", LOCATE, HOSTILE, "--json")
    assert done.code == 0, done.err
    assert b"\x1b" not in done.out
    assert json.loads(done.out)["pictures"][0]["path"] == HOSTILE
    assert_refused(home.sightline("ask", LOCATE, "no" + HOSTILE), "no" + HOSTILE_SHOWN, "no such file")
