"""The published JSON of an answer."""

from __future__ import annotations

import json

from backend.answer import Answer, PictureRef, Timings
from backend.scene import Box, Claim, Point, Ruling, Verdict


def test_the_published_answer_holds_every_promised_key_and_is_json() -> None:
    verdict = Verdict(Ruling.CONFIRMED, 3.14159, "far apart")
    answer = Answer(
        "q?",
        "relation",
        "Yes.",
        (PictureRef("a\udcff.png", 640, 480, "ab"),),
        (Box(1.23456, 2, 3, 4, "cup", 0, 0.5, "b1"),),
        (Point(5, 6, "杯子", id="p1"),),
        claims=(Claim("cup", "left_of", "plate", verdict=verdict),),
        model=(("name", "demo"),),
        timings=Timings(tokens=3),
    )
    published = answer.as_dict()
    found = "boxes points boxes3d claims checks changes motions moments tags told"
    promised = f"schema question task text thinking pictures {found} warnings model timings asked"
    assert " ".join(published) == promised
    assert published["schema"] == 1
    assert published["boxes"] == [
        {
            "id": "b1",
            "label": "cup",
            "bbox": [1.23, 2, 3, 4],
            "picture": 0,
            "confidence": 0.5,
            "attributes": {},
            "found_by": "model",
            "second_look": None,
        }
    ]
    assert published["claims"][0]["verdict"]["margin_sigma"] == 3.14
    measured = (
        "load_ms encode_ms prefill_ms first_token_ms total_ms thinking_ms thinking_tokens tokens tokens_per_s reused_tokens"
    )
    assert " ".join(published["timings"]) == measured
    assert published["model"] == {"name": "demo"}
    assert json.loads(json.dumps(published)) == published
