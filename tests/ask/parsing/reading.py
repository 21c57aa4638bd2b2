"""A whole text through the parser."""

from __future__ import annotations

from backend.ask.parsing import FindingParser
from backend.scene import Finding, View
from tests.ask.views import blank_view


def parsed(text: str, *views: View) -> tuple[list[Finding], tuple[str, ...]]:
    """What was found, and the warnings."""
    parser = FindingParser(views or (blank_view(),))
    parser.feed(text)
    parser.finish()
    return parser.findings, parser.warnings
