"""Point clouds as another program would read them, byte by byte."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from backend.export.ply import ply_bytes, save_ply
from backend.export.saving import NotSaved


def read(content: bytes) -> tuple[list[str], list[tuple[float, float, float, int, int, int]]]:
    """Header lines and vertices, by the format's description alone."""
    head, body = content.split(b"end_header\n", 1)
    lines = head.decode("ascii").splitlines()
    assert lines[:2] == ["ply", "format binary_little_endian 1.0"]
    (count,) = [int(line.split()[2]) for line in lines if line.startswith("element vertex")]
    properties = [line.split()[1:] for line in lines if line.startswith("property")]
    assert properties == [
        ["float", "x"],
        ["float", "y"],
        ["float", "z"],
        ["uchar", "red"],
        ["uchar", "green"],
        ["uchar", "blue"],
    ]
    assert len(body) == 15 * count
    return lines, [struct.unpack_from("<3f3B", body, 15 * n) for n in range(count)]


def test_points_and_colours_come_back_and_what_is_not_known_is_left_out(tmp_path: Path) -> None:
    points = np.array([[1.5, -2.25, 3.0], [np.nan, 0, 1], [0, 0, np.inf], [-4.0, 5.5, 0.125]], dtype=np.float32)
    colours = np.array([[255, 0, 1], [9, 9, 9], [8, 8, 8], [2, 3, 254]], dtype=np.uint8)
    assert save_ply(tmp_path / "cloud.ply", points, colours, ["unit: m", "two\nlines é"]) == 2
    lines, vertices = read((tmp_path / "cloud.ply").read_bytes())
    assert vertices == [(1.5, -2.25, 3.0, 255, 0, 1), (-4.0, 5.5, 0.125, 2, 3, 254)]
    assert "comment unit: m" in lines
    assert sum(line.startswith("comment") for line in lines) == 2, "no comment breaks the header"


def test_a_cloud_of_nothing_is_a_file_all_the_same() -> None:
    content, count = ply_bytes(np.empty((0, 3), dtype=np.float32), np.empty((0, 3), dtype=np.uint8))
    assert count == 0
    assert read(content)[1] == []


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotSaved, match=r"cloud\.ply"):
        save_ply(tmp_path / "nowhere" / "cloud.ply", np.zeros((1, 3), dtype=np.float32), np.zeros((1, 3), dtype=np.uint8))
