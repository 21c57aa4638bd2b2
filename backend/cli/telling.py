"""Answers in the order in which the questions were asked, whatever the order in which they are made.

The first question that is not over speaks as its answer streams; what later ones say is kept until it is their turn. With
--json nothing is printed of an answer before it is whole, so that whatever reads it never sees half of one. What a model
reasons before it answers is narration: counted on standard error, or written there where it was asked for.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from backend.cli.complaint import report
from backend.cli.findings import print_findings
from backend.cli.narrator import Narrator
from backend.errors import QuestionCancelled, SightlineError
from backend.events import Cancelled, Done, Failed, Token
from backend.language import _
from backend.sanitise import lines, one_line

if TYPE_CHECKING:
    from backend.answer import Answer
    from backend.ask import Question
    from backend.events import AskEvent


class Telling:
    """Prints what becomes of questions; `hear` every event of them."""

    def __init__(self, questions: Sequence[Question], *, as_json: bool, show_thinking: bool = False) -> None:
        self._questions = questions
        self._as_json = as_json
        self._show_thinking = show_thinking
        self._thoughts: defaultdict[str, int] = defaultdict(int)
        """Tokens of reasoning, by question."""
        self._reasoned: defaultdict[str, str] = defaultdict(str)
        """Reasoning that waits for its question's turn."""
        self._reasoning = False
        """A line of reasoning is being written."""
        self._narrator = Narrator()
        self._turn = 0
        """Whose turn it is, counted from 0."""
        self._headed = -1
        """Whose heading was printed last."""
        self._kept: defaultdict[str, str] = defaultdict(str)
        """Words that wait for their turn, by question."""
        self._noted: set[str] = set()
        self._ends: dict[str, Answer | SightlineError] = {}

    @property
    def answers(self) -> list[Answer]:
        """Those that are whole, in the order of their questions."""
        ends = (self._ends.get(question.id) for question in self._questions)
        return [end for end in ends if end is not None and not isinstance(end, SightlineError)]

    @property
    def failure(self) -> SightlineError | None:
        """What the first of the questions that could not be answered failed with."""
        ends = (self._ends.get(question.id) for question in self._questions)
        return next((end for end in ends if isinstance(end, SightlineError)), None)

    def hear(self, event: AskEvent) -> None:
        match event:
            case Token(request=question, text=text, thinking=True):
                self._thoughts[question] += 1
                self._reasoned[question] += text if self._show_thinking else ""
            case Token(request=question, text=text, thinking=False) if text and not self._as_json:
                self._kept[question] += text
            case Done(request=question, answer=answer):
                self._ends[question] = answer
            case Failed(request=question, error=error):
                self._ends[question] = error
            case Cancelled(request=question):
                self._ends[question] = QuestionCancelled(_("cancelled"))
            case _:
                if self._headed < self._turn:  # else a line of the answer is being written
                    self._narrator.tell(event)
                return
        self._speak()

    def hush(self) -> None:
        """Wipe the line of progress: something else is going to be said."""
        self._narrator.clear()

    def _speak(self) -> None:
        """Say everything whose turn has come."""
        while self._turn < len(self._questions):
            question = self._questions[self._turn]
            end = self._ends.get(question.id)
            self._think_aloud(question)
            if words := self._kept.pop(question.id, ""):
                self._head(question)
                click.echo(lines(words), nl=False)
                sys.stdout.flush()
            if end is None:
                return
            self._close(question, end)
            self._turn += 1

    def _think_aloud(self, question: Question) -> None:
        """The reasoning so far, or only how long it has become."""
        if words := self._reasoned.pop(question.id, ""):
            self._narrator.clear()
            click.echo(click.style(lines(words), dim=True), nl=False, err=True)
            self._reasoning = True
        elif self._thoughts[question.id] and not self._reasoning and self._headed < self._turn:
            self._narrator.say(_("thinking … {thoughts} tokens").format(thoughts=self._thoughts[question.id]))

    def _end_reasoning(self) -> None:
        if self._reasoning:
            click.echo(err=True)
            self._reasoning = False

    def _head(self, question: Question) -> None:
        """The line of progress gives way, and of several questions each stands above its answer."""
        self._end_reasoning()
        if self._headed == self._turn:
            return
        self._narrator.clear()
        if len(self._questions) > 1:
            above = "\n" if self._headed >= 0 else ""
            click.echo(f"{above}# {one_line(question.text)}")
        self._headed = self._turn

    def _close(self, question: Question, end: Answer | SightlineError) -> None:
        self._end_reasoning()
        self._narrator.clear()
        if isinstance(end, SightlineError):
            if self._headed == self._turn:
                click.echo()  # ends the line that the answer was broken off in
            if len(self._questions) > 1:  # a single one is reported by whoever asked
                report(end, f"question {self._turn + 1}")
            return
        if self._as_json:
            # A file name that is no Unicode holds lone surrogates; as a backslash escape they are valid JSON.
            click.echo(json.dumps(end.as_dict(), ensure_ascii=False).encode("utf-8", "backslashreplace"))
            sys.stdout.flush()
        else:
            self._head(question)
            click.echo()
            for sentence in end.told:
                click.echo(_("  the model was told: {sentence}").format(sentence=one_line(sentence)))
            print_findings(end)
            for warning in end.warnings:
                if warning not in self._noted:  # of the model's limits once is enough
                    self._noted.add(warning)
                    click.echo(_("note: {warning}").format(warning=one_line(warning)), err=True)
