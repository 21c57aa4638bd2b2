"""The fuzzer's properties on a few hundred texts of its own making: always the same ones, and without Atheris."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backend.ask.parsing import FindingParser
from backend.scene import Box, Finding, Tag
from scripts.evaluation.parser_corpus import cases
from scripts.fuzzing import properties
from scripts.fuzzing.large import SHAPES
from scripts.fuzzing.mutations import mutated
from scripts.fuzzing.properties import Broken, check, setting

TEXTS = [case.text for case in cases()]


@pytest.mark.parametrize("text", TEXTS, ids=[case.name for case in cases()])
def test_they_hold_for_every_form_and_what_becomes_of_it(text: str) -> None:
    check(text)
    for seed in range(12):
        check(mutated(text, seed, TEXTS)[:4096])


@pytest.mark.parametrize("shape", SHAPES)
def test_they_hold_for_the_shapes_of_large_texts(shape: str) -> None:
    check(SHAPES[shape](3000))


def test_a_text_is_always_changed_and_read_in_the_same_way() -> None:
    for seed, text in enumerate(TEXTS):
        assert mutated(text, seed, TEXTS) == mutated(text, seed, TEXTS)
        assert setting(text) == setting(text)


Read = Callable[[FindingParser, str, float | None], list[Finding]]


def test_a_lost_finding_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FindingParser, "_from_object", lambda *_: [])
    with pytest.raises(Broken, match="nothing is lost silently"):
        check('{"bbox_2d": [1, 2, 3, 4], "label": "cup"}')


def test_a_box_outside_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Box, "clamped", lambda box, *_: box)
    with pytest.raises(Broken, match="boxes lie in the picture"):
        check('{"bbox_2d": [1, 2, 3, 4000], "label": "cup"}')


def test_pieces_that_matter_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    read: Read = FindingParser.feed
    monkeypatch.setattr(FindingParser, "feed", lambda parser, text, logprob=None: read(parser, text[:50], logprob))
    with pytest.raises(Broken, match="pieces"):
        check("".join(f'{{"bbox_2d": [1, 2, 3, {n}], "label": "cup"}}' for n in range(9)))


def test_a_span_beside_its_word_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(properties, "tagged", lambda _: (Tag("left", "left", (0, 4)),))
    with pytest.raises(Broken, match="tags are words of it"):
        check("the left side")
