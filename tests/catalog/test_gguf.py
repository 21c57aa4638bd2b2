"""Headers are read rightly where they are right, and refused (never worse) where they are not."""

from __future__ import annotations

import os
import random
import resource
import struct
from pathlib import Path

import gguf
import numpy as np
import pytest

from backend.catalog.gguf import read_header
from backend.catalog.header import Skipped
from backend.catalog.weight_types import WEIGHT_TYPES
from backend.errors import ModelError
from tests.catalog.pairs import DEMO_MMPROJ, DEMO_TEXT, TextModel, write_pair
from tests.nobody import unprivileged


def test_the_demo_reads_as_ggml_reads_it() -> None:
    """ggml's own Python reader is the judge, for every value and every tensor of both files."""
    for path in (DEMO_TEXT, DEMO_MMPROJ):
        ours, theirs = read_header(path), gguf.GGUFReader(path)
        assert {tensor.name: tensor.n_bytes for tensor in theirs.tensors} == {
            name: tensor.size for name, tensor in ours.tensors.items()
        }
        assert {tensor.name: tuple(int(n) for n in tensor.shape) for tensor in theirs.tensors} == {
            name: tensor.shape for name, tensor in ours.tensors.items()
        }
        for key, value in ours.values.items():
            judged = theirs.fields[key].contents()
            if isinstance(value, Skipped):
                assert len(judged) == value.count
            elif isinstance(value, tuple):
                assert list(value) == pytest.approx(judged)
            else:
                assert value == pytest.approx(judged) if isinstance(value, float) else value == judged


def test_weight_types_are_ggmls() -> None:
    known = {int(kind): (kind.name, *sizes) for kind, sizes in gguf.GGML_QUANT_SIZES.items()}
    known[int(gguf.GGMLQuantizationType.Q8_1)] = ("Q8_1", 32, 36)  # the package says 40, ggml-common.h asserts 36
    assert {number: WEIGHT_TYPES[number] for number in known} == known


def test_a_large_vocabulary_is_stepped_over(tmp_path: Path) -> None:
    path = TextModel(vocabulary=150_000, embedding=1).write(tmp_path / "large.gguf")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    header = read_header(path)
    assert header.values["tokenizer.ggml.tokens"] == Skipped(150_000)
    assert header.values["tokenizer.ggml.token_type"] == Skipped(150_000)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 << 10


def test_a_word_twice_is_refused(tmp_path: Path) -> None:
    """llama.cpp would abort the process on it; two empty words it accepts."""
    for words, fine in ((["a", "b", "a"], False), (["a", "", "", "b"], True)):
        writer = gguf.GGUFWriter(tmp_path / "words.gguf", "qwen3vl")
        writer.add_token_list(words)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.close()
        if fine:
            read_header(tmp_path / "words.gguf")
        else:
            with pytest.raises(ModelError, match="a word twice"):
                read_header(tmp_path / "words.gguf")


def _preamble(tensors: int = 0, values: int = 0, version: int = 3) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", version, tensors, values)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"GG", "does not begin with GGUF"),
        (b"GGUF", "cut off"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "PNG picture"),
        (b"<!DOCTYPE html><html><body>502 Bad Gateway", "web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "Git LFS pointer"),
        (_preamble(version=1), "version 1"),
        (_preamble(version=4), "version 4"),
        (_preamble(version=0x03000000), "big-endian"),
        (_preamble(values=1 << 62), "more entries"),
        (_preamble(tensors=1 << 62), "more entries"),
        (_preamble(values=1), "cut off"),
        (_preamble(values=1) + struct.pack("<Q", 1 << 60) + b"key", "cut off or damaged"),
        (_preamble(values=1) + struct.pack("<Q3sI", 3, b"key", 77), "unknown type 77"),
        (_preamble(values=1) + struct.pack("<Q3sIIQ", 3, b"key", 9, 8, 1 << 61), "cut off or damaged"),
        (_preamble(values=1) + struct.pack("<Q3sIIQ", 3, b"key", 9, 4, 1 << 61), "cut off or damaged"),
        (_preamble(values=1) + struct.pack("<Q3sIIQ", 3, b"key", 9, 9, 1), "list “key” has the unknown type 9"),
        (_preamble(values=1) + struct.pack("<Q17sII", 17, b"general.alignment", 4, 24), "power of two"),
        (_preamble(values=1) + struct.pack("<Q17sII", 17, b"general.alignment", 4, 0), "power of two"),
        (_preamble(tensors=1) + struct.pack("<Q1sIQQIQ", 1, b"t", 2, 1 << 40, 1 << 40, 0, 0), "impossible shape"),
        (_preamble(tensors=1) + struct.pack("<Q1sIQIQ", 1, b"t", 1, 33, 8, 0), "impossible shape"),
        (_preamble(tensors=1) + struct.pack("<Q1sIQIQ", 1, b"t", 1, 32, 4, 0), "unknown weight type 4"),
        (_preamble(tensors=1) + struct.pack("<Q1sIQIQ", 1, b"t", 5, 32, 8, 0), "5 dimensions"),
        (_preamble(tensors=1) + struct.pack("<Q1sIQIQ", 1, b"t", 1, 32, 0, 64), "does not follow"),
        (_preamble(tensors=1) + struct.pack("<Q1sIQIQ", 1, b"t", 1, 32, 0, 0), "cut off"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelError) as caught:
        read_header(path)
    assert said in str(caught.value)
    assert "broken.gguf" in str(caught.value)
    assert caught.value.cure


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    cases = {
        tmp_path: "folder",
        tmp_path / "none.gguf": "no file",
        tmp_path / "pipe": "regular file",
        Path("a\0b"): "cannot be the name of a file",
    }
    for path, said in cases.items():
        with pytest.raises(ModelError, match=said):
            read_header(path)


def test_a_file_without_permission(tmp_path: Path) -> None:
    text, _ = write_pair(tmp_path)
    text.chmod(0)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)  # pytest keeps its folders to one user, and the file must be what is refused
    with unprivileged(), pytest.raises(ModelError, match="Permission denied"):
        read_header(text)


def test_every_truncation_is_noticed(tmp_path: Path) -> None:
    whole = TextModel(vocabulary=5, embedding=8).write(tmp_path / "whole.gguf").read_bytes()
    last_needed = len(whole) - len(whole) % 32  # the writer pads the last tensor, which is eight floats
    cut = tmp_path / "cut.gguf"
    for length in range(last_needed):
        cut.write_bytes(whole[:length])
        with pytest.raises(ModelError):
            read_header(cut)


def test_a_truncated_demo_says_how_much_is_missing(tmp_path: Path) -> None:
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(DEMO_TEXT.read_bytes()[: 1 << 20])
    with pytest.raises(ModelError, match=r"it has 1,048,576 bytes, and at least [\d,]+ bytes are needed"):
        read_header(cut)


@pytest.mark.parametrize("seed", range(10))
def test_ten_thousand_damaged_headers_do_no_harm(tmp_path: Path, seed: int) -> None:
    """1,000 damages for each of ten seeds: bytes, lengths and cuts, in small files and in the demo pair's headers.

    Harm would be any error but ModelError, much memory, or no end.
    """
    dice = random.Random(seed)
    text, vision = write_pair(tmp_path)
    small = (text, vision) * 4  # read five times as fast as the demo's, and damaged just as well
    sources = [(path.read_bytes()[:40_000], path.stat().st_size) for path in (*small, DEMO_TEXT, DEMO_MMPROJ)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    target = tmp_path / "damaged.gguf"
    refused = 0
    for _ in range(1000):
        head, size = dice.choice(sources)
        with target.open("wb") as file:
            file.write(_damaged(head, dice))
            if dice.random() < 0.8:
                file.truncate(max(size, file.tell()))  # the weights, as a hole that takes no room
        try:
            read_header(target)
        except ModelError:
            refused += 1
    assert refused > 400, "the damages were too mild to test anything"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 << 10


def _damaged(head: bytes, dice: random.Random) -> bytes:
    data = bytearray(head)
    for _ in range(dice.choice((1, 1, 2, 8))):
        at = dice.randrange(min(len(data), dice.choice((24, 200, 2000, 40_000))))
        match dice.randrange(5):
            case 0:
                data[at] = dice.randrange(256)
            case 1:
                data[at : at + 8] = struct.pack(
                    "<Q", dice.choice((0, 1, 255, 1 << 20, 1 << 31, 1 << 32, 1 << 63, (1 << 64) - 1))
                )
            case 2:
                del data[at + 1 : at + dice.randrange(2, 40)]
            case 3:
                data[at:at] = dice.randbytes(dice.randrange(1, 40))
            case _:
                data = data[: max(1, at)]
    return bytes(data)


@pytest.mark.parametrize(("count", "said"), [(1 << 28, "a list of 268,435,456 words"), (1 << 21, "header is longer than")])
def test_a_list_that_claims_gigabytes_is_not_followed(tmp_path: Path, count: int, said: str) -> None:
    path = tmp_path / "huge.gguf"
    with path.open("wb") as file:
        file.write(_preamble(values=1) + struct.pack("<Q3sIIQ", 3, b"key", 9, 8, count))
        file.write(struct.pack("<Q", 60 << 20))  # the first word alone takes most of what a header may
        file.truncate(4 << 30)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ModelError, match=said):
        read_header(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 << 10


def test_small_lists_are_kept(tmp_path: Path) -> None:
    writer = gguf.GGUFWriter(tmp_path / "lists.gguf", "clip")
    writer.add_array("flags", [True, False, True])
    writer.add_array("numbers", [1, -2, 3])
    writer.add_float32("third", 0.5)
    writer.add_tensor("t", np.zeros(4, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    header = read_header(tmp_path / "lists.gguf")
    assert header.values["flags"] == (True, False, True)
    assert header.values["numbers"] == (1, -2, 3)
    assert header.values["third"] == 0.5
    assert header.whole("flags") is None
    assert header.text("third") == ""
    assert header.parameters == 4
