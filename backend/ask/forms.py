"""The form of an answer that locates things: the JSON that the models were trained to write, and nothing around it.

There are two layouts of it, Qwen3-VL's own (a fenced block, one finding a line) and the plain one on a single line that
the demo model was taught. Both are allowed, and the model's first token settles which: a form that insisted on one would
make the other half of the models go on from a beginning that they find absurd. Keys, spaces and order are the same in both.

Where a question may want more than that, it gets no form: a free answer is still read, a forced one cannot say more.
"""

from __future__ import annotations

from backend.ask import prompts
from backend.ask.task import Kind, Task
from backend.engine.form import Choice, Form, Integer, Literal, Quoted, Repeat, Series, decimal
from backend.scene import Units

MOST_FINDINGS = 200
LONGEST_LABEL = 200
"""Characters: a label may be a line of text that was read."""
LARGEST_PIXEL = 99_999
METRES = decimal(9999, places=4)
"""Of a 3D box: coordinates and sizes in metres, and angles in half turns."""


def form_of(task: Task, prompt: str, units: Units, *, pictures: int) -> Form | None:
    """What the answer to this phrased question must look like; None where it is free.

    A thinking model reasons as it likes first: the form begins with its answer. With several pictures a finding may say which
    one it is in, and no model was taught how.
    """
    if not task.grounds or pictures != 1 or not prompts.wants_findings_alone(task, prompt):
        return None
    most = 1000 if units is Units.REL1000 else LARGEST_PIXEL
    match task.kind:
        case Kind.POINTS:
            entry = _entry("point_2d", Integer(0, most), 2)
        case Kind.BOXES3D:  # Qwen3-VL writes these without spaces
            entry = Choice((_entry("bbox_3d", METRES, 9), _entry("bbox_3d", METRES, 9, space="")))
        case _:
            entry = _entry("bbox_2d", Integer(0, most), 4)
    return _listed(entry)


def _entry(key: str, number: Form, count: int, space: str = " ") -> Form:
    numbers = Repeat(number, count, count, separator=f",{space}")
    return Series(
        (
            Literal(f'{{"{key}":{space}['),
            numbers,
            Literal(f'],{space}"label":{space}'),
            Quoted(LONGEST_LABEL, shortest=1),
            Literal("}"),
        )
    )


def _listed(entry: Form) -> Form:
    """A list of entries on one line, or fenced with a line for each."""
    line = Series((Literal("["), Repeat(entry, MOST_FINDINGS, 1, separator=", "), Literal("]")))
    lines = Series((Literal("[\n\t"), Repeat(entry, MOST_FINDINGS, 1, separator=",\n\t"), Literal("\n]")))
    empty = Literal("[]")
    return Choice((empty, line, Series((Literal("```json\n"), Choice((empty, lines)), Literal("\n```")))))
