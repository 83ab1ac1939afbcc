"""Text of many lines."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.document._document import Document, Location
from textual.document._document_navigator import DocumentNavigator
from textual.expand_tabs import expand_text_tabs_from_widths
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import TextArea

from fieldkit.model.text import KEPT_FORMAT, clean
from fieldkit.tui.widgets.fields.long_wrap import TAB_CELLS, LongWrap
from fieldkit.tui.widgets.own_keys import act_in_turn

_GIVEN_UP = frozenset({"undo", "redo", "select_line", "select_all", "cursor_page_up", "cursor_page_down"})
"""Actions whose keys mean something else in a form: ^Z and ^Y, F6, F7, the page keys."""


def _kept() -> list[BindingType]:
    """Textual's keys of a text, without those of a form."""
    return [
        binding
        for binding in TextArea.BINDINGS
        if isinstance(binding, Binding) and binding.action not in _GIVEN_UP
    ]


class LongEditor(TextArea, inherit_bindings=False):
    """Wraps at words, takes any script, and has no history of its own: undo is the form's.

    What a key costs does not grow with the text: only what changed is broken into rows anew (`LongWrap`), and
    only the rows in sight are made ready to be drawn.
    """

    DEFAULT_CSS = """
    LongEditor, LongEditor:focus { border: none; padding: 0 1; margin: 0 0 0 2; }
    LongEditor { height: auto; min-height: 3; max-height: 10; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = _kept()

    def __init__(self) -> None:
        super().__init__(
            soft_wrap=True,
            tab_behavior="focus",
            show_line_numbers=False,
            highlight_cursor_line=False,
            max_checkpoints=0,
        )
        self._own = ""
        self._told = ""

    def hold(self, text: str) -> None:
        """Hold another text. Only what differs is replaced, so that the cursor and the view stay."""
        old = self._told = self.text
        if old == text:
            return  # cleaned already: what stands here always is
        new = clean(text)
        head, tail = _same_ends(old, new)
        with self.prevent(TextArea.Changed):
            self.replace(
                new[head : len(new) - tail],
                _location(old, head),
                _location(old, len(old) - tail),
                maintain_selection_offset=True,
            )
        self.history.clear()
        self._told = self.text

    def tell(self) -> str:
        """The text, told from now on."""
        self._told = self.text
        return self._told

    @property
    def is_untold(self) -> bool:
        """Whether letters stand here that nobody has asked for yet: their message still waits in a queue."""
        return self.text != self._told

    def follow(self) -> None:
        """Bring the line one writes on into sight: a long text reaches below the page's last line."""
        page = next((node for node in self.ancestors if isinstance(node, VerticalScroll)), None)
        if page is None or not self.has_focus:
            return
        row, seen = self.cursor_screen_offset.y, page.content_region
        below, above = row - (seen.bottom - 1), row - seen.y
        if below > 0 or above < 0:
            page.scroll_relative(y=below if below > 0 else above, animate=False, immediate=True)

    def on_resize(self) -> None:
        """A line was added or taken away."""
        self.call_after_refresh(self.follow)

    # How a long text stays quick

    def _set_document(self, text: str, language: str | None) -> None:
        self.document = Document(text)
        self.wrapped_document = LongWrap(self.document)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self.move_cursor((0, 0))
        self._rewrap_and_refresh_virtual_size()

    def _rewrap_and_refresh_virtual_size(self) -> None:
        """Only another width breaks a text otherwise."""
        wrapped = self.wrapped_document
        if not isinstance(wrapped, LongWrap) or wrapped.width != self.wrap_width:
            wrapped.wrap(self.wrap_width)
        self._refresh_size()

    def find_matching_bracket(self, bracket: str, search_from: Location) -> None:
        """None is looked for: this is no program."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Nothing in the moment before its styles are there: drawing then would end the program."""
        if not self._component_styles:
            return [Strip.blank(crop.width)] * crop.height
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One row of the screen."""
        theme = self._theme
        base = self.rich_style if theme.base_style is None else theme.base_style
        wrapped, row = self.wrapped_document, y + self.scroll_offset.y
        if not isinstance(wrapped, LongWrap) or row >= wrapped.height:
            return Strip.blank(self.size.width, base)
        line, begins, words = wrapped.row_text(row)
        text = Text(words, end="", no_wrap=True)
        if begins + len(words) == len(self.document.get_line(line)):
            text.append(" ")  # where the cursor stands behind the last letter
        for style, start, end in self._marked(line):
            text.stylize(style, max(0, start - begins), max(0, end - begins))
        drawn = Strip(
            expand_text_tabs_from_widths(text, [TAB_CELLS] * words.count("\t")).render(self.app.console)
        )
        return drawn.extend_cell_length(self.scrollable_content_region.width, base).apply_style(base)

    def _marked(self, line: int) -> list[tuple[Style, int, int]]:
        """What is drawn otherwise in a line of the text, from one column up to another."""
        theme = self._theme
        (top, first), (bottom, last) = sorted(self.selection)
        row, column = self.selection.end
        marked: list[tuple[Style, int, int]] = []
        if theme.selection_style and top <= line <= bottom and (top, first) != (bottom, last):
            end = last if line == bottom else len(self.document.get_line(line)) + (line != row)
            marked.append((theme.selection_style, first if line == top else 0, end))
        if theme.cursor_style and line == row and self._draw_cursor:
            marked.append((theme.cursor_style, column, column + 1))
        return marked

    def forget(self) -> None:
        """Drop every word."""
        self._own = self._told = ""
        with self.prevent(TextArea.Changed):
            self.load_text("")

    async def _on_key(self, event: events.Key) -> None:
        """Signs that join or part letters are typed too: Persian and Urdu need them."""
        if event.character in KEPT_FORMAT:
            event.stop()
            event.prevent_default()
            self._put(event.character or "")
        else:
            await act_in_turn(self, event)

    async def _on_paste(self, event: events.Paste) -> None:
        """Everything that is pasted, with its lines, and no control characters."""
        event.stop()
        event.prevent_default()
        self._put(clean(event.text))

    def action_cut(self) -> None:
        """Cut into this field's own memory, never into the system's clipboard (R7, R27)."""
        if self.selected_text:
            self._own = self.selected_text
            self._delete_via_keyboard(*self.selection)

    def action_copy(self) -> None:
        """Copy likewise."""
        self._own = self.selected_text or self._own

    def action_paste(self) -> None:
        """What was cut or copied in this field."""
        self._put(self._own)

    def _put(self, text: str) -> None:
        if text and (result := self._replace_via_keyboard(text, *self.selection)):
            self.move_cursor(result.end_location)


def _same_ends(old: str, new: str) -> tuple[int, int]:
    """Characters that are the same at the beginning and, of the rest, at the end."""
    head = _same_begin(old, new)
    return head, _same_begin(old[head:][::-1], new[head:][::-1])


def _same_begin(old: str, new: str) -> int:
    """Found by halves: one letter after the other would take its time in a long text."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _location(text: str, index: int) -> Location:
    """The line and column of an index."""
    before = text[:index]
    return before.count("\n"), index - (before.rfind("\n") + 1)
