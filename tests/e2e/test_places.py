"""Memory as a user meets it: a room on two days, where something was last seen, what is not to be kept, and a damaged file."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from PIL import Image

from tests.e2e.program import Home


def journal(home: Home) -> Path:
    return home.root / ".local" / "share" / "sightline" / "journal.db"


def test_a_room_on_two_days(home: Home) -> None:
    assert home.sightline("demo", "--write", ".", "--only", "places").code == 0
    truth = json.loads((home.folder / "places" / "truth.json").read_text("utf-8"))
    for day in ("monday", "tuesday"):
        done = home.sightline(
            "places", "add", f"places/{day}", "--place", "Room", "--find", "box", "--solid", "--model", "demo"
        )
        assert done.code == 0, done.err
    listed = json.loads(home.sightline("places", "list", "--json").out)
    assert [(one["place"], one["visits"], one["views"]) for one in listed] == [("Room", 2, 4)]
    shown = home.sightline("places", "show", "room", "--json", "--map", "map.png")
    told = json.loads(shown.out)
    assert {change["label"]: change["became"] for change in told["changes"]} == truth["became"]
    assert [visit["began"] for visit in told["visits"]] == ["2026-03-02T08:00:00.000+00:00", "2026-03-03T17:30:00.000+00:00"]
    with Image.open(home.folder / "map.png") as drawn:
        assert drawn.width > 300
    moved = next(name for name, became in truth["became"].items() if became == "moved")
    found = home.sightline("recall", moved, "--crop", "crop.png")
    assert f"{moved}: last seen 2026-03-03 17:3" in found.text
    assert f"since the visit before: {moved} moved" in found.text
    assert (home.folder / "crop.png").is_file()
    assert home.sightline("places", "rename", "room", "Studio").code == 0
    assert home.sightline("places", "show", "room").code == 2
    assert home.sightline("places", "forget", "studio").code == 0
    assert "no place is known yet" in home.sightline("places").err


def test_what_is_asked_is_remembered_unless_that_is_not_wanted(home: Home, scene: Path) -> None:
    home.sightline("ask", "Where is the red circle?", scene.name, "--no-memory")
    home.sightline("ask", "Where is the red circle?", scene.name, SIGHTLINE_MEMORY="off")
    assert not journal(home).exists()
    missing = home.sightline("recall", "red circle")
    assert (missing.code, missing.text) == (1, "")
    assert "was ever found" in missing.err
    home.sightline("ask", "Where is the red circle?", scene.name, "--place", "desk")
    assert journal(home).stat().st_mode & 0o777 == 0o600
    (seen,) = json.loads(home.sightline("recall", "red circles", "--json").out)["sightings"]
    assert (seen["place"], seen["path"], seen["taken_from"]) == ("desk", str(scene), "file")
    scene.rename(scene.with_name("moved.png"))
    kept = home.sightline("recall", "red circle", "--crop", "crop.png")
    assert kept.code == 0
    assert "small copy" in kept.err
    assert home.sightline("forget").code == 2
    assert "forgot 1 answer" in home.sightline("forget", seen["sha256"]).err
    assert home.sightline("recall", "red circle").code == 1


def test_a_damaged_journal_costs_no_answer_and_is_put_aside(home: Home, scene: Path) -> None:
    journal(home).parent.mkdir(parents=True)
    journal(home).write_bytes(b"no database at all " * 300)
    done = home.sightline("ask", "Where is the red circle?", scene.name)
    assert done.code == 0
    assert "put aside as" in done.err
    assert "red circle" in home.sightline("recall", "red circle").text
    (aside,) = journal(home).parent.glob("journal-damaged-*.db")
    assert aside.read_bytes() == b"no database at all " * 300


def test_a_journal_of_a_newer_version_is_refused_and_left_as_it_is(home: Home, scene: Path) -> None:
    home.sightline("ask", "Where is the red circle?", scene.name)
    with closing(sqlite3.connect(journal(home))) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = journal(home).read_bytes()
    asked = home.sightline("ask", "Where is the red circle?", scene.name)
    assert asked.code == 0
    assert "not remembered" in asked.err
    for command in (["recall", "red circle"], ["places"], ["forget", "--everything"]):
        done = home.sightline(*command)
        assert done.code == 5
        assert "newer sightline (format 99" in done.err
        assert "update sightline" in done.err
    assert journal(home).read_bytes() == before


def test_bad_requests_say_what_would_do(home: Home, scene: Path) -> None:
    for arguments, said in (
        (["places", "add", scene.name, "--place", " "], "a place needs a name"),
        (["places", "add", "no.png", "--place", "x"], "there is no such file"),
        (["places", "add", scene.name, "--place", "x", "--at", "yesterday"], "is no time"),
        (["places", "add", scene.name, "--place", "x", "--solid"], "--find"),
        (["places", "show", "attic"], "no place “attic”"),
        (["places", "show", "attic", "--map", "map.txt"], "no suffix of a picture format"),
    ):
        done = home.sightline(*arguments)
        assert done.code in (2, 3)
        assert said in done.err
        assert "Traceback" not in done.err


def test_the_way_of_a_camera_through_a_film(home: Home) -> None:
    home.sightline("demo", "--write", ".", "--only", "places")
    true = json.loads((home.folder / "places" / "truth.json").read_text("utf-8"))["walk.mp4"]
    done = home.sightline("places", "path", "places/walk.mp4", "--json", "--map", "way.svg")
    assert done.code == 0, done.err
    assert "scale is unknown" in done.err
    found = [row["place"] for row in json.loads(done.out)["places"]]
    first = true[1]["place"][0]
    assert len(found) == len(true)
    for place, told in zip(found, true, strict=True):
        assert all(abs(a - b / first) < 0.2 for a, b in zip(place, told["place"], strict=True))
    assert "<polyline" in (home.folder / "way.svg").read_text("utf-8")
