"""The footer in the user's language: the registry's labels are translated where they are shown."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

from backend.language import _
from tui.actions.keys import UNBOUND


class ActionFooter(Footer):
    """Textual's, compact, without the actions that the user has taken the keys from."""

    def __init__(self) -> None:
        super().__init__(compact=True, show_command_palette=False)

    def compose(self) -> ComposeResult:
        for part in super().compose():
            if isinstance(part, FooterKey):
                if part.key == UNBOUND:
                    continue
                part.description = _(part.description)
            yield part
