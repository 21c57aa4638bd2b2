"""What was read, in a question: what it grounds, what it witnesses, and what of it is told."""

from __future__ import annotations

import pytest

from backend.answer import Answer
from backend.ask import Question
from backend.ask.claims import stated, written_on
from backend.ask.task import Observed
from backend.ask.words import checks, judged, read_as, similarity, told
from backend.errors import UsageError
from backend.scene import Box, Ruling
from tests.ask.asking import answer_of, asker, canned, picture
from tests.scripted import Say, ScriptedEngine, Step

EXIT = Box(10, 10, 40, 20, "EXIT", confidence=0.98, id="w1", found_by="ocr")
GATE = Box(120, 60, 180, 80, "Gate B12", confidence=0.9, id="w2", found_by="ocr")
WORDS = (EXIT, GATE)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sign that says EXIT", "EXIT"),
        ("sign that reads 'Gate B12'", "Gate B12"),
        ("'Tickets' sign", "Tickets"),
        ("EXIT sign", "EXIT"),
        ("board with the words 'No parking'", "No parking"),
        ("label marked X", "X"),
        ("写着'出口'的牌子", "出口"),
        ("写着出口的牌子", "出口"),
        ("'出口'标志", "出口"),
        ("stop sign", None),
        ("red sign", None),
        ("sign", None),
        ("红色的牌子", None),
        ("cup", None),
        ("", None),
    ],
)
def test_names_that_say_what_is_written(name: str, text: str | None) -> None:
    assert written_on(name) == text


@pytest.mark.parametrize(
    ("sentence", "subject", "object_"),
    [
        ("The sign that says EXIT is left of the door.", "sign that says EXIT", "door"),
        ('The "Tickets" sign is above the door.', "'Tickets' sign", "door"),
        ("The door is right of the sign that reads “Gate B12”.", "door", "sign that reads 'Gate B12'"),
        ("写着“出口”的牌子在红色圆形的左边。", "写着'出口'的牌子", "红色圆形"),
        ("I know that the cup is left of the plate.", "cup", "plate"),
    ],
)
def test_they_are_read_in_sentences_and_the_words_stay_in_their_place(sentence: str, subject: str, object_: str) -> None:
    (claim,) = stated(sentence)
    assert (claim.subject, claim.object) == (subject, object_)
    assert claim.text_span is not None
    start, end = claim.text_span
    assert sentence[start:end].rstrip("。.").replace("“", "'").replace("”", "'").replace('"', "'").endswith((object_, "的左边"))


def test_a_text_is_found_whatever_its_case_width_and_small_mistakes() -> None:
    for text in ("exit", "ＥＸＩＴ", "E X I T", "EX1T "):
        assert (read_as(text, WORDS) is EXIT) == (similarity(text, "EXIT") >= 0.8)
    assert read_as("exit", WORDS) is EXIT
    assert read_as("B12", WORDS) is GATE, "one of the words of a line"
    assert read_as("STOP", WORDS) is None
    assert read_as("E", WORDS) is None, "a letter is not the line that holds it"
    assert read_as(" ", WORDS) is None


def test_statements_are_held_against_what_was_read_without_asking_anyone() -> None:
    def nobody(_: object) -> list[Box]:
        raise AssertionError("both are named by texts")

    shown = picture()
    for side, ruling in (("left", Ruling.CONFIRMED), ("right", Ruling.CONTRADICTED)):
        (claim,), boxes = judged(f"The EXIT sign is {side} of the sign that says Gate B12.", shown, WORDS, nobody)
        assert claim.verdict is not None
        assert claim.verdict.ruling is ruling
        assert [(box.id, box.found_by) for box in boxes] == [("b1", "ocr"), ("b2", "ocr")]
        assert [witness.agrees for witness in claim.witnesses] == [None, None]


def test_what_no_text_names_is_looked_for() -> None:
    asked: list[str] = []

    def locate(names: object) -> list[Box]:
        asked.extend(names)  # type: ignore[arg-type]
        return [Box(150, 10, 190, 40, "door")]

    (claim,), _ = judged("The sign that says EXIT is left of the door.", picture(), WORDS, locate)
    assert asked == ["door"]
    assert claim.verdict is not None
    assert claim.verdict.ruling is Ruling.CONFIRMED


def test_a_statement_without_a_relation_is_refused() -> None:
    with pytest.raises(UsageError, match="no relation"):
        judged("EXIT", picture(), WORDS, lambda _: [])


QUESTION = "Is the sign that says {} left of the door?"


def asked(text: str, words: tuple[Box, ...], **more: object) -> tuple[Answer, ScriptedEngine]:
    """The model says yes, and puts the sign on the left and the door on the right, whatever the sign says."""

    def reply(question: str) -> tuple[Step, ...]:
        if "bbox" not in question:
            return (Say(f"Yes, the sign that says {text} is left of the door."),)
        left = 700 if "door" in question else 50
        return (Say(f'[{{"bbox_2d": [{left}, 100, {left + 150}, 400], "label": "thing"}}]'),)

    engine = ScriptedEngine(reply=reply)
    question = Question(QUESTION.format(text), (picture(),), observed=(Observed(words=words),), **more)  # type: ignore[arg-type]
    return answer_of(list(asker(engine).ask(question))), engine


def test_a_claim_stands_on_the_place_where_its_text_was_read() -> None:
    answer, engine = asked("EXIT", WORDS)
    (claim,) = answer.claims
    assert claim.verdict is not None
    assert claim.verdict.ruling is Ruling.CONFIRMED
    grounds = next(box for box in answer.boxes if box.id == claim.subject_id)
    assert (grounds.found_by, grounds.corners) == ("ocr", EXIT.corners)
    located = [str(request.messages[-1].parts[-1]) for request in engine.requests if request.form is not None]
    assert not any("EXIT" in prompt for prompt in located), "the model was not asked where it is"
    assert [box.label for box in answer.boxes if box.id in ("w1", "w2")] == ["EXIT", "Gate B12"], "words are findings too"
    assert claim.witnesses[0].agrees is None
    assert "“EXIT” was read at x 10–40" in claim.witnesses[0].reason


def test_where_the_text_was_not_read_a_confirmation_is_taken_back() -> None:
    answer, _ = asked("STOP", WORDS)
    (claim,) = answer.claims
    assert claim.verdict is not None
    assert claim.verdict.ruling is Ruling.UNDETERMINED
    assert "the text reader disagrees" in claim.verdict.reason
    assert claim.witnesses[0].agrees is False
    assert "“EXIT”, “Gate B12”" in claim.witnesses[0].reason


def test_where_nothing_was_read_at_all_nobody_knows() -> None:
    answer, _ = asked("STOP", ())
    (claim,) = answer.claims
    assert claim.verdict is not None
    assert claim.verdict.ruling is Ruling.CONFIRMED
    assert claim.witnesses == ()


def test_what_the_model_reads_is_held_against_the_reader() -> None:
    said = '[{"bbox_2d": [50, 100, 200, 200], "label": "EXIT"}, {"bbox_2d": [600, 600, 900, 800], "label": "Pharmacy"}]'
    engine = canned(said)
    question = Question("spot all the text", (picture(),), "text", observed=(Observed(words=WORDS),))
    answer = answer_of(list(asker(engine).ask(question)))
    assert [(check.kind, check.against_id, check.verdict.ruling) for check in answer.checks] == [
        ("text", "w1", Ruling.CONFIRMED),
        ("text", "w2", Ruling.CONTRADICTED),
    ]


def test_where_the_reader_read_nothing_a_text_is_not_checked() -> None:
    (check,) = checks([Box(100, 0, 110, 5, "tiny", id="b1")], WORDS)
    assert (check.against_id, check.verdict.ruling) == ("", Ruling.UNDETERMINED)


def test_the_model_is_told_what_was_read_and_who_says_so() -> None:
    assert told((Observed(words=WORDS),)) == (
        "A text reader, which may err, has read, from top to bottom: “EXIT”, “Gate B12”.",
    )
    both = told((Observed(words=(EXIT,)), Observed(), Observed(words=(GATE,))))
    assert [sentence[:10] for sentence in both] == ["Picture 1:", "Picture 3:"]
    assert told((Observed(),)) == ()
