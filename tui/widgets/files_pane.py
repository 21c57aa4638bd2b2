"""The left pane: the folder's name, the filter line while it is wanted, and the list."""

from __future__ import annotations

from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from backend.language import _
from backend.sanitise import one_line
from tui.dropped import paths_in
from tui.glyphs import Glyphs
from tui.widgets.file_list import FileList


class FilterLine(Input):
    """Keys that belong to the list are handed on to it, so that one can type and walk at once."""

    def __init__(self) -> None:
        super().__init__(id="file-filter", compact=True)

        self.say_again()

    def say_again(self) -> None:
        self.placeholder = _("filter")

    def _on_paste(self, event: events.Paste) -> None:
        """A part of a name; paths are the screen's."""
        event.prevent_default()
        if not paths_in(event.text):
            super()._on_paste(event)


class FilesPane(Vertical):
    """Where pictures are chosen."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="files")
        self.list = FileList(glyphs)
        self._glyphs = glyphs
        self._filter = FilterLine()
        self._title = Static(id="files-title", classes="pane-title", markup=False)

    def compose(self) -> ComposeResult:
        yield self._title
        yield self._filter
        yield self.list

    def on_mount(self) -> None:
        self._filter.display = False

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _focus_moved(self) -> None:
        """The title says where one is. (By a class: of `:focus-within` above a widget Textual hears only when the whole screen
        is styled anew, which would hold up every Tab.)"""
        self._title.set_class(self.has_focus_within, "-within")

    def open(self, folder: Path, towards: Path | None = None) -> None:
        """Show a folder; the filter of the one before goes."""
        self.list.open(folder, towards)

    @on(FileList.Entered)
    def _entered(self, message: FileList.Entered) -> None:
        self._filter.display = False
        with self._filter.prevent(Input.Changed):
            self._filter.value = ""
        name = one_line(message.folder.name or str(message.folder))
        self._title.update(Content.assemble(name, (f"  {message.count}", "$faint")), layout=False)

    @on(FileList.FilterWanted)
    def _type_filter(self, message: FileList.FilterWanted) -> None:
        message.stop()
        self._filter.display = True
        self._filter.focus()

    @on(Input.Changed, "#file-filter")
    def _filter_changed(self, message: Input.Changed) -> None:
        message.stop()
        self.list.filter(message.value)

    @on(Input.Submitted, "#file-filter")
    def _filter_done(self, message: Input.Submitted) -> None:
        message.stop()
        self._filter.display = bool(message.value)
        self.list.focus()

    def on_key(self, event: events.Key) -> None:
        """While the filter is typed, arrows move the list and Esc gives the filter up."""
        if not self._filter.has_focus:
            return
        if event.key == "escape":
            self._filter.value = ""
            self._filter.display = False
            self.list.focus()
        elif event.key == "down":
            self.list.action_cursor_down()
        elif event.key == "up":
            self.list.action_cursor_up()
        else:
            return
        event.stop()
        event.prevent_default()
