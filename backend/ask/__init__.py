"""Questions end to end: phrase them, show the model the picture, read its answers, check what they claim.

This is the only door through which a front end reaches the engine.
"""

from backend.ask.pipeline import Asker
from backend.ask.task import Question, Task, Turn

__all__ = ["Asker", "Question", "Task", "Turn"]
