"""A question put again just as an answer says that it was put."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from backend.answer import Answer
from backend.ask.task import Observed, Question, Turn
from backend.errors import UsageError
from backend.language import _
from backend.scene import Picture, Window
from backend.spatial.known_camera import GivenCamera


def question_again(answer: Answer, pictures: Sequence[Picture]) -> Question:
    """The question of `answer`, about the same pictures. Raises UsageError where the answer does not tell how it was asked.

    A depth network, or a reader, that looked before has to look again: `asked.witnesses` names them.
    """
    asked = answer.asked
    if asked is None:
        raise UsageError(_("the answer does not tell how it was asked"), cure=_("ask again, and make a bundle of that"))
    said = [(one.role, "".join(part for part in one.parts[-1:] if isinstance(part, str))) for one in asked.messages]
    begun = said.pop()[1] if said and said[-1][0] == "assistant" else ""
    turns = zip(said[:-1:2], said[1:-1:2], strict=False)
    sizes = {part[0]: part[1:] for one in asked.messages for part in one.parts if not isinstance(part, str)}
    camera = next((one.camera for one in answer.pictures if one.camera is not None), None) if asked.camera_given else None
    return Question(
        answer.question,
        tuple(pictures),
        answer.task,
        tuple(Turn(question, reply) for (_role, question), (__, reply) in turns),
        max_tokens=asked.max_tokens,
        thinking_tokens=asked.thinking_tokens,
        seed=asked.seed,
        begun=begun,
        second_looks=asked.second_looks,
        camera=None if camera is None else GivenCamera(focal=camera.focal, centre=(camera.cx, camera.cy)),
        shown_as=tuple(sizes.get(number, (0, 0)) for number in range(len(pictures))),
        part=None if asked.part is None else Window(*asked.part),
        told=answer.told,
    )


def with_witnesses(question: Question, witnesses: Sequence[str]) -> Question:
    """The same after those have looked: `depth` (the file, or the first installed network), `words` (the reader).

    Raises ModelError and MissingExtra."""
    seen: tuple[Observed, ...] = ()
    if "depth" in witnesses:
        from backend.ask.depths import DepthSight, observed

        seen = observed(DepthSight(), question.pictures)
    if "words" in witnesses:
        from backend.ask.words import observed as read
        from backend.witness.words import WordReader

        seen = read(WordReader(), question.pictures, seen)
    return replace(question, observed=seen)
