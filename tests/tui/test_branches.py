"""The tree of a conversation: branching loses no exchange, and what the model is told is the path that is shown."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from backend.answer import Answer
from backend.events import Cancelled, Done
from tui.conversation import OPEN, Conversation, Exchange

PICTURES = (Path("a.png"),)


def asked(id: str, *, answered: bool = True) -> Exchange:
    exchange = Exchange(id, f"question {id}", PICTURES)
    exchange.fold(Done(id, Answer("?", "free", id, (), turn=(f"prompt {id}", id))) if answered else Cancelled(id))
    return exchange


def shown(conversation: Conversation) -> list[str]:
    return [exchange.id for exchange in conversation.exchanges]


def told(conversation: Conversation) -> list[str]:
    return [turn.answer for turn in conversation.history()]


steps = st.lists(
    st.tuples(st.sampled_from(["ask", "several", "instead", "branch", "switch"]), st.integers(0, 30), st.integers(-3, 3)),
    max_size=30,
)


@given(steps)
def test_whatever_is_done_nothing_is_lost_and_the_history_is_the_path(steps: list[tuple[str, int, int]]) -> None:
    conversation = Conversation(PICTURES)
    numbers = map(str, count(1))
    made: list[str] = []

    def new() -> Exchange:
        made.append(next(numbers))
        return asked(made[-1], answered=int(made[-1]) % 4 != 0)

    for what, place, by in steps:
        path = conversation.exchanges
        one = path[place % len(path)] if path else None
        if what == "ask":
            conversation.add(new())
            assert shown(conversation)[-1] == made[-1]
        elif what == "several":
            conversation.add(new(), new())
            assert shown(conversation)[-2:] == made[-2:]
        elif one is None:
            continue
        elif what == "instead":
            conversation.add(new(), instead_of=one)
            assert shown(conversation) == [*(before.id for before in path[: path.index(one)]), made[-1]]
        elif what == "branch":
            if conversation.branch(one):
                assert shown(conversation)[-1] == one.id
        else:
            other = conversation.switch(one, by)
            assert other.parent == one.parent
            assert other.id in shown(conversation)
        path = conversation.exchanges
        assert [after.parent for after in path] == ["", *(before.id for before in path)][: len(path)]
        assert told(conversation) == [one.id for one in path if one.answer is not None]
        for at, one in enumerate(path):
            answered = sum(before.answer is not None for before in path[:at])
            assert conversation.history(one) == conversation.history()[:answered]
    assert [exchange.id for exchange in conversation.asked] == made
    for one in conversation.asked:
        conversation.show(one)
        assert one.id in shown(conversation), "every exchange can be shown again"


@given(steps)
def test_a_conversation_is_its_three_fields(steps: list[tuple[str, int, int]]) -> None:
    conversation = Conversation(PICTURES)
    for number, (what, place, by) in enumerate(steps):
        path = conversation.exchanges
        if what in ("ask", "several") or not path:
            conversation.add(asked(str(number + 1)))
        elif what == "instead":
            conversation.add(asked(str(number + 1)), instead_of=path[place % len(path)])
        elif what == "branch":
            conversation.branch(path[place % len(path)])
        else:
            conversation.switch(path[place % len(path)], by)
    again = Conversation(conversation.pictures, list(conversation.asked), dict(conversation.chosen))
    assert shown(again) == shown(conversation)


def test_a_branch_goes_on_from_the_answer_and_can_be_taken_back() -> None:
    conversation = Conversation(PICTURES)
    conversation.add(asked("1"))
    conversation.add(asked("2"))
    conversation.add(asked("3"))
    first = conversation.exchanges[0]
    assert conversation.branch(first)
    assert conversation.branched(first)
    assert told(conversation) == ["1"]
    assert not conversation.branch(first)
    assert shown(conversation) == ["1", "2", "3"]
    conversation.branch(first)
    conversation.add(asked("4"))
    assert shown(conversation) == ["1", "4"]
    assert [one.id for one in conversation.alternatives(conversation.exchanges[1])] == ["2", "4"]
    conversation.switch(conversation.exchanges[1], -1)
    assert shown(conversation) == ["1", "2", "3"]
    assert not conversation.branch(conversation.exchanges[2]), "the end of the path is no branch"
    assert OPEN not in conversation.chosen.values()


def test_what_is_kept_may_name_a_continuation_that_is_gone() -> None:
    conversation = Conversation(PICTURES, [asked("1")], {"": "7", "1": "9"})
    assert shown(conversation) == ["1"]
