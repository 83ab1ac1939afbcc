"""One page of a form: its fields one below the other, and only those that show."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.widget import Widget
from textual.widgets import Static

from fieldkit.forms.views import Field, Option
from fieldkit.model.text import clean
from fieldkit.model.values import Path
from fieldkit.tui.widgets.fields.field import FieldWidget, field_of
from fieldkit.tui.widgets.fields.make import field_widget
from fieldkit.tui.widgets.scrolling import Scrolling

PART_FIELDS = 18
"""Fields that are there at once: a form may ask hundreds of questions on one page, and each costs time."""

Options = Callable[[Path, str], Sequence[Option]]
Meaning = Callable[[Path, str], str]


class PageView(Scrolling, can_focus=False):
    """Is shown fields. A page with very many is shown in parts: moving on past the last shows the next."""

    DEFAULT_CSS = """
    PageView { padding: 0 1; scrollbar-size-vertical: 1; }
    PageView > .page-more { color: $text-muted; height: auto; padding: 1 0 0 0; }
    """
    ALLOW_SELECT = False

    def __init__(self, options: Options, meaning: Meaning) -> None:
        super().__init__()
        self._options = options
        self._meaning = meaning
        self._fields: tuple[Field, ...] = ()
        self._first = 0

    async def begin(self, fields: Sequence[Field], place: Path | None = None) -> None:
        """Show other fields, those around a place."""
        self._fields = tuple(fields)
        at = self._index(place) or 0
        self._first = at // PART_FIELDS * PART_FIELDS
        await self.remove_children()
        shown = self._fields[self._first : self._first + PART_FIELDS]
        await self.mount_all(
            [*self._above(), *(self._make(field) for field in shown), *self._below(len(shown))]
        )
        self.scroll_home(animate=False, force=True)

    async def show(self, fields: Sequence[Field]) -> None:
        """Show the same fields as they stand now; some may have come or gone. The focus stays where it is."""
        self._fields = tuple(fields)
        there = {widget.place: widget for widget in self._widgets()}
        shown = self._shown(there)
        gone = [widget for place, widget in there.items() if place not in {field.place for field in shown}]
        if gone:
            await self.remove_children(gone)
        await self._mount_missing(shown, there)
        for field in shown:
            widget = there.get(field.place)
            if widget is not None and widget.field != field:
                widget.show(field)

    def on_unmount(self) -> None:
        """Nothing of a report stays behind."""
        self._fields = ()

    @property
    def place(self) -> Path | None:
        """The place of the field that has the focus."""
        widget = field_of(self.screen.focused)
        return widget.place if widget is not None and widget.parent is self else None

    def neighbour(self, by: int) -> Path | None:
        """The place of the next field on this page, or the one before; None at either end."""
        at = self._index(self.place)
        if at is None:
            return None
        to = at + by
        return self._fields[to].place if 0 <= to < len(self._fields) else None

    async def focus_place(self, place: Path | None) -> bool:
        """Put the focus into a field, or into the first one; whether there is one."""
        at = 0 if place is None else self._index(place)
        if at is None or not self._fields:
            return False
        wanted = self._fields[at].place
        if all(widget.place != wanted for widget in self._widgets()):
            await self.begin(self._fields, wanted)
        widget = next((widget for widget in self._widgets() if widget.place == wanted), None)
        if widget is None:
            return False  # the page is being taken away
        widget.focus_end()
        return True

    async def focus_end_of(self, *, last: bool = False) -> None:
        """Put the focus into the first field, or into the last one."""
        if self._fields:
            await self.focus_place(self._fields[-1 if last else 0].place)

    def _widgets(self) -> list[FieldWidget]:
        return [child for child in self.children if isinstance(child, FieldWidget) and not child._pruning]

    def _index(self, place: Path | None) -> int | None:
        return next((at for at, field in enumerate(self._fields) if field.place == place), None)

    def _shown(self, there: dict[Path, FieldWidget]) -> tuple[Field, ...]:
        """The part that is shown, kept where it is although fields before it or in it come and go."""
        known = [at for at, field in enumerate(self._fields) if field.place in there]
        if not known:
            return self._fields[self._first : self._first + PART_FIELDS]
        whole = len(self._fields) <= PART_FIELDS
        self._first = 0 if whole else known[0]
        last = (
            len(self._fields) if whole else max(known[-1] + 1, min(len(self._fields), known[0] + PART_FIELDS))
        )
        return self._fields[self._first : last]

    async def _mount_missing(self, shown: Sequence[Field], there: dict[Path, FieldWidget]) -> None:
        """Put new fields where they belong between those that are there."""
        before: Widget | None = None
        fresh: list[FieldWidget] = []
        for field in reversed(shown):
            known = there.get(field.place)
            if known is None:
                fresh.insert(0, self._make(field))
                continue
            if fresh:
                await self.mount_all(fresh, after=known)
                fresh = []
            before = known
        if fresh:
            if before is None:
                await self.mount_all(fresh)
            else:
                await self.mount_all(fresh, before=before)

    def _make(self, field: Field) -> FieldWidget:
        place = field.place
        return field_widget(
            field, lambda typed: self._options(place, typed), lambda typed: self._meaning(place, typed)
        )

    def _above(self) -> list[Static]:
        return [_more(f"↑ {self._first} more questions above (Shift+Tab)")] if self._first else []

    def _below(self, shown: int) -> list[Static]:
        left = len(self._fields) - self._first - shown
        return [_more(f"↓ {left} more questions below (Tab)")] if left else []


def _more(words: str) -> Static:
    return Static(clean(words), classes="page-more", markup=False)
