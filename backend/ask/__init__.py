"""One question end to end: phrase it, show the model the picture, read its answer, check what it claims.

This is the only door through which a front end reaches the engine.
"""

from backend.ask.pipeline import Asker
from backend.ask.task import Question, Task, Turn

__all__ = ["Asker", "Question", "Task", "Turn"]
