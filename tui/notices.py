"""Errors as notices: what happened, and below it what to do about it."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.widget import Widget

from backend.errors import SightlineError


def complain(widget: Widget | App[Any], error: SightlineError) -> None:
    """Show an error for as long as it takes to read it."""
    words = f"{error.message}\n{error.cure}" if error.cure else error.message
    widget.notify(words, severity="error", timeout=10, markup=False)
