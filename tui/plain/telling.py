"""An answer in lines of text: its findings with places, its claims with what geometry says, what speaks for and against."""

from __future__ import annotations

from collections.abc import Iterator

from backend.answer import Answer
from backend.language import _, ngettext
from backend.sanitise import one_line
from backend.scene import Claim
from backend.scene.moments import stamp
from backend.scene.phrasing import again, checked, looked_twice, ruled, statement, witnessed
from tui.plain import places
from tui.plain.sentences import prose

FIRST = 8
"""Findings that are told with an answer; /findings tells all."""


def after(answer: Answer) -> Iterator[str]:
    """What follows the words of an answer."""
    findings = answer.findings
    if findings:
        yield ngettext("{count} finding:", "{count} findings:", len(findings)).format(count=len(findings))
        yield from found(answer, FIRST)
        if len(findings) > FIRST:
            rest = len(findings) - FIRST
            yield ngettext("and {count} more; /findings tells all.", "and {count} more; /findings tells all.", rest).format(
                count=rest
            )
    elif not prose(answer.text).strip():
        yield _("Nothing was found.")
    for claim in answer.claims:
        yield verdict(claim)
    for moment in answer.moments:
        when = stamp(moment.start) + ("" if moment.end is None else _(" to {end}").format(end=stamp(moment.end)))
        yield _("Moment {when}: {words}").format(when=when, words=one_line(answer.text[slice(*moment.text_span)], 160))


def found(answer: Answer, most: int | None = None) -> Iterator[str]:
    """Findings, numbered from 1."""
    for number, finding in enumerate(answer.findings[:most], 1):
        yield places.described(number, finding, answer)


def verdict(claim: Claim) -> str:
    """A claim in a line: what geometry says, and with which numbers."""
    said = one_line(statement(claim))
    if claim.verdict is None:
        return _("Claim: {said}. Not checked: something in it was not found.").format(said=said)
    return _("Claim: {said}. {ruling}: {reason}").format(
        said=said, ruling=_first_large(ruled(claim.verdict)), reason=one_line(claim.verdict.reason)
    )


def claims(answer: Answer) -> Iterator[str]:
    """Every claim with all that speaks for or against it, and the checks of findings against each other."""
    for claim in answer.claims:
        yield verdict(claim)
        for witness in claim.witnesses:
            yield f"{_first_large(witnessed(witness))}: {one_line(witness.reason)}"
        for asked in claim.asked_again:
            yield f"{_first_large(one_line(again(asked)))}: {one_line(asked.answer, 160)}"
    names = {finding.id: f"{number} {places.name_of(finding)}" for number, finding in enumerate(answer.findings, 1)}
    for check in answer.checks:
        said = checked(check, names.get(check.finding_id, check.finding_id), names.get(check.against_id, check.against_id))
        yield f"{one_line(said)}: {ruled(check.verdict)}. {one_line(check.verdict.reason)}"


def where(number: int, answer: Answer) -> Iterator[str]:
    """One finding in detail; `number` counts from 1."""
    finding = answer.findings[number - 1]
    yield places.described(number, finding, answer)
    yield places.exactly(finding, answer)
    if (look := getattr(finding, "second_look", None)) is not None:
        yield _first_large(looked_twice(look))
    yield from places.neighbours(number, answer.findings)


def _first_large(text: str) -> str:
    return text[:1].upper() + text[1:]
