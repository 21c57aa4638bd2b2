"""When a picture was taken: EXIF in all its states, else the file's date."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from backend.media.taken import exif_time, taken

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tags", "when"),
    [
        ({0x9003: "2026:03:02 08:00:00", 0x9011: "+00:00"}, datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ({0x9003: "2026:03:02 08:00:00", 0x9011: "+02:00"}, datetime(2026, 3, 2, 6, tzinfo=UTC)),
        ({0x9003: "2026:03:02 08:00:00", 0x9011: "-05:30", 0x9291: "25"}, datetime(2026, 3, 2, 13, 30, 0, 250000, tzinfo=UTC)),
        ({0x0132: "2026:03:02 08:00:00\0", 0x9010: "+01:00"}, datetime(2026, 3, 2, 7, tzinfo=UTC)),
        ({0x9003: "0000:00:00 00:00:00", 0x9004: "2026:03:02 08:00:00", 0x9012: "+00:00"}, datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ({0x9003: "2026:13:02 08:00:00"}, None),
        ({0x9003: b"\xff\xfe"}, None),
        ({0x9003: "0001:01:01 00:00:00", 0x9011: "+23:59"}, None),
        ({}, None),
    ],
)
def test_what_exif_says(tags: dict[int, object], when: datetime | None) -> None:
    assert exif_time(tags) == when


def test_without_a_zone_it_is_this_machines() -> None:
    local = datetime(2026, 3, 2, 8).astimezone(UTC)
    assert exif_time({0x9003: "2026:03:02 08:00:00"}) == local


def _picture(path: Path, time: str | None) -> Path:
    exif = Image.Exif()
    if time is not None:
        exif[0x0132] = time
        exif.get_ifd(0x8769).update({0x9003: time, 0x9011: "+00:00"})
    Image.new("RGB", (8, 8)).save(path, exif=exif)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_of_files(tmp_path: Path, suffix: str) -> None:
    told = taken(_picture(tmp_path / f"a.{suffix}", "2026:03:02 08:00:00"), NOW)
    assert told is not None
    assert (told.when, told.from_exif) == (datetime(2026, 3, 2, 8, tzinfo=UTC), True)


@pytest.mark.parametrize("time", [None, "1970:01:01 00:00:00", "2099:01:01 00:00:00"])
def test_clocks_that_were_never_set_are_not_believed(tmp_path: Path, time: str | None) -> None:
    told = taken(_picture(tmp_path / "a.jpg", time), NOW)
    assert told is not None
    assert (told.when, told.from_exif) == (datetime.fromtimestamp(1_700_000_000, UTC), False)


def test_files_that_are_no_pictures_have_their_date_and_those_that_are_not_there_none(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    told = taken(tmp_path / "a.png", NOW + timedelta(days=10_000))
    assert told is not None
    assert not told.from_exif
    assert taken(tmp_path / "b.png", NOW) is None
    assert taken(tmp_path / "a\0.png", NOW) is None
