"""Several conversations share one picture without knowing of each other, and heads are told the right places to look at.

Needs the extra `train`, as everything about the training does; skipped elsewhere.
"""

from __future__ import annotations

import random

import pytest

WHY = "the training extra (torch, tokenizers) is not installed"
torch = pytest.importorskip("torch", reason=WHY)
pytest.importorskip("tokenizers", reason=WHY)

from backend.synthetic.perspective import Solid, draw_solids  # noqa: E402
from backend.synthetic.questions import ASKERS, Exchange, Wanted  # noqa: E402
from backend.synthetic.scenes import COLOURS, SOLID, AnyScene, Shape, draw_scene  # noqa: E402
from backend.synthetic.solid_questions import SOLID_ASKERS  # noqa: E402
from scripts.demo_training.cell_code import owners  # noqa: E402
from scripts.demo_training.conversations import Line, TalkBatch, answer_weights, line_about, prompt, write_branch  # noqa: E402
from scripts.demo_training.glances import cells_of, name_end  # noqa: E402
from scripts.demo_training.tokenizer import encode  # noqa: E402

GRID = (6, 6)
SCENE = draw_scene(11, (192, 192), 4, 4)
SOLIDS = draw_solids(7, (192, 192), 3, 3)


def line_with(*exchanges: Exchange, scene: AnyScene = SCENE) -> Line:
    line = prompt(random.Random(0), (scene,), (GRID,))
    cells = cells_of(line.slot, (scene,), (GRID,))
    for branch, exchange in enumerate(exchanges, 1):
        write_branch(line, [exchange], branch, cells)
    return line


def test_a_conversation_sees_the_prompt_and_itself_alone() -> None:
    line = line_about(random.Random(3), (SCENE,), (GRID,), 200)
    batch = TalkBatch.of([line])
    seen = batch.mask[0, 0] == 0
    assert max(line.branch) > 1
    for at in range(len(line.ids)):
        for other in range(len(line.ids)):
            assert bool(seen[at, other]) == (other <= at and line.branch[other] in (0, line.branch[at]))


def test_positions_of_every_conversation_start_behind_the_picture() -> None:
    line = line_about(random.Random(3), (SCENE,), (GRID,), 200)
    after = max(place[0] for place, branch in zip(line.places, line.branch, strict=True) if branch == 0) + 1
    starts = [next(p for p, b in zip(line.places, line.branch, strict=True) if b == k) for k in range(1, max(line.branch) + 1)]
    assert starts == [(after,) * 3] * len(starts)


def test_visual_tokens_share_their_time_and_turn_with_row_and_column() -> None:
    line = line_with()
    at = [place for place, slot in zip(line.places, line.slot, strict=True) if slot >= 0]
    start = at[0][0]
    assert at == [(start, start + n // 6, start + n % 6) for n in range(36)]
    assert line.now == start + 6 + 1


def test_only_answers_are_learnt() -> None:
    exchange = ASKERS["count"](random.Random(2), SCENE, "en", GRID)
    line = line_with(exchange)
    learnt = [token for token, weight in zip(line.ids, line.weight, strict=True) if weight]
    assert tuple(learnt[:-1]) == encode(exchange.answer)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_entry_of_a_list_is_written_while_looking_at_its_object(language: str) -> None:
    exchange = ASKERS["every"](random.Random(2), SCENE, language, GRID)  # type: ignore[arg-type]
    line = line_with(exchange)
    owner, _ = owners(SCENE, *GRID)
    first = line.slot.index(0)
    opens = [n for n, token in enumerate(line.ids) if token == encode(" [")[0]]
    assert len(opens) == len(exchange.found)
    for at, (_, item) in zip(opens, exchange.found, strict=True):
        targets = {g.targets for g in line.glances if g.layer == 2 and g.at == at}
        assert len(targets) == 1
        assert {owner[t - first] for t in targets.pop()} == {SCENE.objects.index(item)}


def test_a_relation_looks_at_both() -> None:
    rng = random.Random(1)
    exchange = next(x for x in (ASKERS["relation"](rng, SCENE, "en", GRID) for _ in range(50)) if x.present)
    line = line_with(exchange)
    owner, _ = owners(SCENE, *GRID)
    first = line.slot.index(0)
    for head, (_, item) in enumerate(exchange.found):
        looked = {owner[t - first] for g in line.glances if g.layer == 2 and g.head == head for t in g.targets}
        assert looked == {SCENE.objects.index(item)}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_metres_are_written_while_four_heads_look_at_the_box(language: str) -> None:
    exchange = SOLID_ASKERS["solid"](random.Random(2), SOLIDS, language, GRID, present=True)  # type: ignore[arg-type,call-arg]
    line = line_with(exchange, scene=SOLIDS)
    owner, _ = owners(SOLIDS, *GRID)
    first = line.slot.index(0)
    looks = [g for g in line.glances if g.layer == 2]
    assert {g.head for g in looks} == {0, 1, 2, 3}
    item = exchange.found[0][1]
    assert isinstance(item, Solid)
    assert {owner[t - first] for g in looks for t in g.targets} == {SOLIDS.objects.index(item)}
    weights = [w for token, w in zip(line.ids, line.weight, strict=True) if w and token == encode(".")[0]]
    assert len(weights) == 7  # six metres and the turn


def test_hundredths_count_little() -> None:
    exchange = SOLID_ASKERS["solid"](random.Random(2), SOLIDS, "en", GRID, present=True)  # type: ignore[call-arg]
    weights = answer_weights(encode(exchange.answer))
    assert weights.count(0.1) == 7


@pytest.mark.parametrize(
    ("question", "end"),
    [("Draw a box around the red box.", 6), ("Is the red box nearer than the blue box?", 3), ("Locate the red box.", 3)],
)
def test_a_name_is_found_where_it_is_whole(question: str, end: int) -> None:
    assert name_end(question, Wanted(COLOURS[0], SOLID), "en", []) == end


def test_a_name_in_many_tokens_ends_at_its_last() -> None:
    question = "Where is the hexagon?"
    end = name_end(question, Wanted(None, Shape("hexagon", "hexagons", "六边形")), "en", [])
    assert end == len(encode(question)) - 2
