"""Every key of the program, by binding id. A single letter acts only in lists, and each has another way."""

from __future__ import annotations

from textual.binding import Binding

HELP = Binding(
    "f1", "help", "Help", tooltip="What this screen is for, and its keys", id="program.help", priority=True
)
PALETTE = Binding(
    "ctrl+p",
    "palette",
    "Commands",
    tooltip="Everything that can be done here",
    id="program.palette",
    priority=True,
)
NOTICE_ON = Binding("enter,escape", "on", "Go on", id="notice.on")
LEAVE_HELP = Binding("escape", "back", "Back", id="help.back")
PALETTE_LEAVE = Binding("escape", "leave", "Leave", id="palette.leave", show=False)
PALETTE_UP = Binding("up", "move(-1)", "Up", id="palette.up", show=False, priority=True)
PALETTE_DOWN = Binding("down", "move(1)", "Down", id="palette.down", show=False, priority=True)
PANIC = Binding(
    "f12", "panic", "Panic", id="program.panic", priority=True, tooltip="Panic: twice erases this vault"
)
PANIC_LEAVE = Binding("enter,escape", "leave_program", "Leave", id="panic.leave")
BACKUP_LEAVE = Binding("escape", "back", "Back", id="backup.back")
DRILL_LEAVE = Binding("escape", "back", "Back", id="drill.back")
LOCK = Binding("f8", "lock", "Lock", tooltip="Lock the vault now", id="program.lock", priority=True)
QUIT = Binding(
    "ctrl+q", "quit", "Quit", tooltip="Quit: lock the vault and leave", id="program.quit", priority=True
)

SYNC = Binding(
    "f5",
    "sync",
    "Sync",
    tooltip="What waits to be sent, and sending it",
    id="program.sync",
    show=False,
    priority=True,
)
LIST_SYNC = Binding("s", "app.sync", "Sync", tooltip="What waits to be sent, and sending it", id="list.sync")
LIST_PULL = Binding("p", "pull", "Pull", tooltip="Fetch what others wrote", id="list.pull")
SEND = Binding("s", "send", "Send now", tooltip="Send now, or go on after a pause", id="sync.send")
PULL = Binding("p", "pull", "Pull", tooltip="Fetch what others wrote", id="sync.pull")
PAUSE = Binding("space", "pause", "Stop", tooltip="Stop at a safe place; nothing is lost", id="sync.pause")
HURRY = Binding(
    "u", "hurry", "First", tooltip="Send this report before all others, or no more", id="sync.hurry"
)
BY_ITSELF = Binding(
    "b",
    "by_itself",
    "Automatic",
    tooltip="Send by itself while the program is open, or no more",
    id="sync.by_itself",
)
CAP = Binding("l", "cap", "Limit", tooltip="Change the limit on bytes of an exchange", id="sync.cap")
QUEUE_OPEN = Binding("enter", "choose", "Open", tooltip="Read this report", id="sync.open", show=False)
LEAVE_SYNC = Binding("escape", "back", "Back", id="sync.back")

NEW = Binding("n", "new", "New", tooltip="Write a new report", id="list.new")
EDIT = Binding("e", "edit", "Edit", tooltip="Write on in the form", id="list.edit", show=False)
# Before the letters that come after it, as with Enter below: behind the list's own keys they would act there.
FIND = Binding(
    "slash",
    "find",
    "Find",
    tooltip="Find reports by words, place, kind, date",
    id="list.find",
    priority=True,
)
FILTERS = Binding("f", "filters", "Filters", tooltip="Filters with a name", id="list.filters", show=False)
SELECT = Binding("space", "select", "Select", tooltip="Select, or no longer", id="list.select", show=False)
DUPLICATE = Binding(
    "d",
    "duplicate",
    "Duplicate",
    tooltip="Begin a new report with what this one says",
    id="list.duplicate",
    show=False,
)
DISCARD = Binding(
    "x", "discard", "Discard", tooltip="Discard drafts (^Z brings back)", id="list.discard", show=False
)
BRING_BACK = Binding(
    "ctrl+z", "bring_back", "Undo", tooltip="Bring the last discarded draft back", id="list.undo", show=False
)
WITHDRAW = Binding(
    "w", "withdraw", "Withdraw", tooltip="Take sent reports back", id="list.withdraw", show=False
)
HISTORY = Binding("h", "history", "History", tooltip="What changed, and when", id="list.history", show=False)
HASTEN = Binding("u", "hasten", "Urgent", tooltip="Mark as urgent: sent first", id="list.urgent", show=False)
FOUND = Binding(
    "escape",
    "leave_search",
    "All",
    tooltip="Show all reports again, and select none",
    id="list.leave_search",
    show=False,
)
OPEN = Binding("enter", "choose", "Open", id="list.open")
UP = Binding("up", "move(-1)", "Up", id="list.up", show=False)
DOWN = Binding("down", "move(1)", "Down", id="list.down", show=False)
PAGE_UP = Binding("pageup", "page(-1)", "Page up", id="list.page_up", show=False)
PAGE_DOWN = Binding("pagedown", "page(1)", "Page down", id="list.page_down", show=False)
FIRST = Binding("home", "first", "First", id="list.first", show=False)
LAST = Binding("end", "last", "Last", id="list.last", show=False)

BACK = Binding("escape", "back", "Back", id="record.back")
NEXT_REPORT = Binding(
    "right,right_square_bracket",
    "beside(1)",
    "Next",
    key_display="Right",
    tooltip="Next report of the list",
    id="record.next",
    show=False,
)
PREVIOUS_REPORT = Binding(
    "left,left_square_bracket",
    "beside(-1)",
    "Before",
    key_display="Left",
    tooltip="The report before this one in the list",
    id="record.previous",
    show=False,
)

SAVE = Binding(
    "f2", "save", "Save", tooltip="Save now, without waiting for it", id="form.save", priority=True
)
PROBLEM_BACK = Binding(
    "f3", "problem(True)", "Previous problem", id="form.problem_back", show=False, priority=True
)
PROBLEM_ON = Binding(
    "f4",
    "problem(False)",
    "What is missing",
    tooltip="Next thing that is missing or wrong",
    id="form.problem_on",
    priority=True,
)
PANES = Binding("f6", "panes", "Outline", tooltip="To the outline, and back", id="form.panes", priority=True)
REVIEW = Binding("f9", "review", "Finish", tooltip="Review and finish", id="form.review", priority=True)
UNDO = Binding("ctrl+z", "undo", "Undo", tooltip="Undo", id="form.undo", show=False, priority=True)
REDO = Binding("ctrl+y", "redo", "Redo", id="form.redo", show=False, priority=True)
SHEET_BACK = Binding("pageup", "page(-1)", "Previous page", id="form.page_back", show=False, priority=True)
SHEET_ON = Binding("pagedown", "page(1)", "Next", tooltip="Next page", id="form.page_on", priority=True)
FIELD_BACK = Binding(
    "shift+tab", "field(-1)", "Previous field", id="form.field_back", show=False, priority=True
)
FIELD_ON = Binding("tab", "field(1)", "Next field", id="form.field_on", show=False, priority=True)
ITEM_ADD = Binding("ctrl+n", "add", "Add one", id="form.item_add", priority=True)
LEAVE_FORM = Binding("escape", "leave", "Back", id="form.leave")

STEP_ON = Binding("enter", "on", "Go on", id="step.on")
STEP_BACK = Binding("escape", "back", "Back", id="step.back")
STEP_LATER = Binding("escape", "later", "Not now", id="step.later")
STEP_CLOSE = Binding("escape", "close", "Close", id="step.close")

LINE_OPEN = Binding("enter", "choose", "Open", id="line.open")
LINE_UP = Binding("up", "move(-1)", "Up", id="line.up", show=False)
LINE_DOWN = Binding("down", "move(1)", "Down", id="line.down", show=False)
CARD_COPY = Binding("ctrl+d", "want('copy')", "Duplicate", id="card.copy")
CARD_UP = Binding("alt+up,ctrl+up", "want('up')", "Move up", id="card.up")
CARD_DOWN = Binding("alt+down,ctrl+down", "want('down')", "Move down", id="card.down", show=False)
CARD_REMOVE = Binding("ctrl+delete,delete", "want('remove')", "Delete", id="card.remove")

# Enter, and the keys of choices, are acted on before letters that come after them: who types ahead of a slow
# laptop types into the field that will have the focus.
FIELD_DONE = Binding("enter", "done", "Next field", id="field.done", show=False, priority=True)
ENTRY_TAKE = Binding("space", "take", "Choose", id="entry.take", priority=True)
ENTRY_CLEAR = Binding(
    "backspace,delete", "clear", "Choose nothing", id="entry.clear", show=False, priority=True
)
ENTRY_ON = Binding("right,down", "move(1)", "Next entry", id="entry.on", show=False, priority=True)
ENTRY_BACK = Binding("left,up", "move(-1)", "Entry before", id="entry.back", show=False, priority=True)
PICK_ON = Binding("down", "move(1)", "Down", id="pick.on", show=False, priority=True)
PICK_BACK = Binding("up", "move(-1)", "Up", id="pick.back", show=False, priority=True)
PICK_CLOSE = Binding("escape", "close", "Close the list", id="pick.close", priority=True)

ASK_NO = Binding("escape", "no", "No, go back", id="ask.no")
ASK_YES = Binding("enter", "yes", "Yes", id="ask.yes")
ASK_TYPED = Binding("enter", "submit", "Yes", id="ask.typed")
FILTER_LEAVE = Binding("escape", "leave", "Back", id="filters.leave")
FILTER_KEEP = Binding("n", "keep", "Keep the present search", id="filters.keep")
FILTER_DROP = Binding("x,delete", "drop", "Forget", id="filters.drop")

CAPTURE_KEEP = Binding("escape", "keep", "Keep as draft", id="capture.keep")
CAPTURE_MORE = Binding("f6", "more", "Full form", tooltip="Go on in the full form", id="capture.more")

REVIEW_FINISH = Binding(
    "f9", "finish", "Finish", tooltip="Sign it and queue it for sending", id="review.finish"
)
REVIEW_LEAVE = Binding("escape", "leave", "Back", id="review.leave")
