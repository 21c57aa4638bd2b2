"""Fair turns: no client waits for all of another's requests, and what is read ahead waits for everyone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from backend.engine.llama.waiting import FairQueue


@dataclass(frozen=True)
class Item:
    client: int
    number: int
    ahead: bool = False


items = st.lists(st.tuples(st.integers(1, 4), st.booleans()), max_size=30).map(
    lambda drawn: [Item(client, number, ahead) for number, (client, ahead) in enumerate(drawn)]
)


def taken(queue: FairQueue[Item]) -> list[Item]:
    order = []
    while len(queue):
        item = next(iter(queue))
        queue.take(item)
        order.append(item)
    return order


@given(items)
def test_everything_is_taken_once_and_a_clients_own_order_is_kept(pushed: list[Item]) -> None:
    queue: FairQueue[Item] = FairQueue()
    for item in pushed:
        queue.push(item)
    order = taken(queue)
    assert Counter(order) == Counter(pushed)
    for client in range(1, 5):
        mine = [item.number for item in order if item.client == client and not item.ahead]
        assert mine == sorted(mine)
    assert not queue.asked


@given(items)
def test_between_two_turns_of_a_client_every_other_that_waits_has_one(pushed: list[Item]) -> None:
    queue: FairQueue[Item] = FairQueue()
    for item in pushed:
        queue.push(item)
    order = [item for item in taken(queue) if not item.ahead]
    for index, item in enumerate(order):
        later = next((n for n in range(index + 1, len(order)) if order[n].client == item.client), None)
        if later is not None:
            between = {other.client for other in order[index + 1 : later]}
            assert between == {other.client for other in order[index + 1 :]} - {item.client}


@given(items)
def test_what_is_read_ahead_comes_last(pushed: list[Item]) -> None:
    queue: FairQueue[Item] = FairQueue()
    for item in pushed:
        queue.push(item)
    order = [item.ahead for item in taken(queue)]
    assert order == sorted(order)
