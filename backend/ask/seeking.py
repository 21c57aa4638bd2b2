"""Named things looked for in one picture after another: a question for each name, all of a picture's together.

Frames of a film differ, so that nothing of one frame's reading helps with the next: each is encoded anew, and only the
names share a frame's encoding. Nothing is kept for a later question either.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace

from backend.ask.pipeline import Asker
from backend.ask.task import Question
from backend.errors import EmptyAnswer, QuestionCancelled
from backend.events import AskEvent, Cancelled, Done, Failed
from backend.language import _
from backend.scene import Box, Picture


def sought(
    asker: Asker, picture: Picture, names: Sequence[str], heard: Callable[[AskEvent], None] = lambda _: None
) -> list[Box]:
    """All boxes of the things so named, each labelled with the name that it was looked for by.

    An answer without a word finds nothing. `heard` is given every event; what it raises ends the questions. Raises what the
    engine fails with.
    """
    questions = [Question(name, (picture,), "boxes", passing=True) for name in names]
    named = {question.id: question.text for question in questions}
    found: list[Box] = []
    with closing(asker.ask(*questions)) as events:
        for event in events:
            heard(event)
            match event:
                case Done(request=id_, answer=answer):
                    found += [replace(box, label=named[id_]) for box in answer.boxes]
                case Failed(error=error) if not isinstance(error, EmptyAnswer):
                    raise error
                case Cancelled():
                    raise QuestionCancelled(_("cancelled"))
                case __:
                    pass
    return found
