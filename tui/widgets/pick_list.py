"""Lists of choices that hear the registry's keys beside Textual's own: j and k, g and G, pages."""

from __future__ import annotations

from textual.widgets import OptionList, Select
from textual.widgets._select import SelectOverlay

from tui.actions import Where, bindings


class PickList(OptionList):
    """A list of choices."""

    BINDINGS = bindings(Where.LIST)


class PickOne(Select[str]):
    """One choice, whose list opens over what lies below it. Letters are keys in it, and search nothing."""

    BINDINGS = bindings(Where.LIST)

    def __init__(self, options: list[tuple[str, str]], value: str, id: str) -> None:
        """`options`: what is read, and what it stands for."""
        super().__init__(options, value=value, allow_blank=False, type_to_search=False, id=id)

    @property
    def _choices(self) -> OptionList:
        """The open list; opened where it is not."""
        if not self.expanded:
            self.action_show_overlay()
        return self.query_one(SelectOverlay)

    def action_cursor_down(self) -> None:
        self._choices.action_cursor_down()

    def action_cursor_up(self) -> None:
        self._choices.action_cursor_up()

    def action_first(self) -> None:
        self._choices.action_first()

    def action_last(self) -> None:
        self._choices.action_last()

    def action_page_down(self) -> None:
        self._choices.action_page_down()  # type: ignore[no-untyped-call]

    def action_page_up(self) -> None:
        self._choices.action_page_up()  # type: ignore[no-untyped-call]

    def action_select(self) -> None:
        if self.expanded:
            self._choices.action_select()
        else:
            self.action_show_overlay()
