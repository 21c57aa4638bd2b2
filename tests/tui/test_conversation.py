"""Events folded into a conversation, and how it is put into words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from backend.answer import Answer, Timings
from backend.errors import EngineFailure
from backend.events import Cancelled, Done, Encoding, Failed, Found, Judged, Loading, Prefilling, Token
from backend.scene import Box, Box3D, Claim, Point, Ruling, Verdict
from tui import evidence, progress, prose, reply, wording
from tui.conversation import Conversation, Conversations, Exchange, Stage
from tui.glyphs import ASCII, UNICODE
from tui.wording import Manner

BOX = Box(10, 20, 30, 40, "red circle", confidence=0.91, id="b1")


def exchange() -> Exchange:
    return Exchange("q", "Where is the red circle?", (Path("a.png"),))


def answer(text: str = "Here.", **more: object) -> Answer:
    return Answer("Where?", "boxes", text, (), turn=("prompt", text), **more)  # type: ignore[arg-type]


def test_events_move_the_stage_on() -> None:
    one = exchange()
    for event, stage, words in (
        (Loading("q", "demo", 0.42), Stage.LOADING, "loading the model 42 %"),
        (Encoding("q", 0, 3, 4), Stage.LOOKING, "looking at the picture 3/4 layers"),
        (Prefilling("q", 9, 12, 5), Stage.READING, "reading 9/12, 5 reused"),
        (Token("q", "hm", None, thinking=True), Stage.THINKING, "thinking, 1 token"),
        (Token("q", "Here", None), Stage.ANSWERING, "answering, 1 token"),
    ):
        one.fold(event)
        assert one.stage is stage
        assert progress.stage(one) == words
    assert one.text == "Here"


def test_the_answer_has_the_last_word() -> None:
    one = exchange()
    one.fold(Found("q", BOX))
    one.fold(Token("q", "Her", None))
    one.fold(Done("q", answer(boxes=(BOX, BOX))))
    assert (one.text, len(one.findings), one.stage) == ("Here.", 2, Stage.ANSWERED)


def test_nothing_happens_after_the_end() -> None:
    one = exchange()
    one.fold(Cancelled("q"))
    one.fold(Token("q", "late", None))
    one.fold(Failed("q", EngineFailure("late")))
    assert (one.stage, one.text, one.error) == (Stage.CANCELLED, "", None)


def test_history_is_what_was_sent_and_said_word_for_word() -> None:
    conversation = Conversation((Path("a.png"),))
    conversation.add(*(replace(exchange(), id=str(number)) for number in range(3)))
    conversation.exchanges[0].fold(Done("q", answer(" first ")))
    conversation.exchanges[1].fold(Failed("q", EngineFailure("no")))
    assert [(turn.question, turn.answer) for turn in conversation.history()] == [("prompt", " first ")]


def test_conversations_are_kept_apart_and_can_be_forgotten() -> None:
    both = Conversations()
    both.about((Path("a"),)).add(exchange())
    both.about((Path("b"),))
    assert both.pictures() == {Path("a")}
    both.clear((Path("a"),))
    assert both.about((Path("a"),)).exchanges == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The star is left.", "The star is left."),
        ('```json\n[{"bbox_2d": [1, 2, 3, 4]}]\n```', ""),
        ('Here it is: [{"bbox_2d": [1, 2, 3, 4], "label": "a [b]"}] and that is all.', "Here it is:  and that is all."),
        ('[{"bbox_2d": [1, 2, 3', ""),
        ('```json\n[{"bbox_2d": [1', ""),
        ("[]", ""),
        ("See [the left one] there", "See [the left one] there"),
    ],
)
def test_prose_is_what_remains_without_coordinates(text: str, said: str) -> None:
    assert prose.spoken(text) == said


def test_places_in_few_words() -> None:
    assert wording.where(BOX) == "10,20 30,40"
    assert wording.where(Point(1.6, 2.2)) == "2,2"
    assert wording.where(Box3D((0.12, 1.0, 3.46), (1, 1, 1), 0, 0, 0)) == "~0.1 1.0 3.5 m"
    assert wording.sureness(1.0) == "99%", "nothing is certain"
    assert wording.sureness(None) == ""


def test_a_reply_has_findings_claims_warnings_and_time() -> None:
    verdict = Verdict(Ruling.CONFIRMED, 3.2, "edges are 41 px apart")
    claim = Claim("red circle", "left_of", "star", verdict=verdict)
    one = exchange()
    one.fold(Judged("q", claim))
    timings = Timings(total_ms=1234, tokens=56, reused_tokens=78)
    one.fold(Done("q", answer(boxes=(BOX,), claims=(claim,), warnings=("cut off", "known"), timings=timings)))
    assert reply.plain(one, Manner(UNICODE, known=("known",))).plain.splitlines() == [
        "Here.",
        "1 red circle",
        "✓ red circle left of star",
        "confirmed: edges are 41 px apart",
        "! cut off",
        "1.2 s · 56 tokens · 78 reused",
    ]
    assert reply.plain(one, Manner(ASCII)).plain.isascii()


@pytest.mark.parametrize(
    ("ruling", "sign"), [(Ruling.CONFIRMED, "✓"), (Ruling.CONTRADICTED, "✗"), (Ruling.UNDETERMINED, "?"), (None, "?")]
)
def test_every_verdict_has_its_sign(ruling: Ruling | None, sign: str) -> None:
    claim = Claim("a", "left_of", "b", verdict=Verdict(ruling, None, "why") if ruling else None)
    assert evidence.sign_of(claim.verdict, UNICODE)[0] == sign


def test_an_answer_without_anything_says_so() -> None:
    one = exchange()
    one.fold(Done("q", answer("[]")))
    assert reply.plain(one, Manner(UNICODE)).plain.startswith("Nothing found.")


def test_a_failure_says_what_to_do() -> None:
    one = exchange()
    one.fold(Failed("q", EngineFailure("it broke", cure="ask again")))
    assert reply.plain(one, Manner(UNICODE)).plain == "it broke\n→ ask again"


@pytest.mark.parametrize("measured", [162.4996, 162.502, 999.96, 12.34, 61_249.97])
def test_a_duration_says_the_same_before_and_after_it_was_kept(measured: float) -> None:
    kept = Timings(total_ms=measured).as_dict()["total_ms"]
    assert progress.duration(measured) == progress.duration(kept)
