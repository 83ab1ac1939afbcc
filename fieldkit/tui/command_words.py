"""Other words for what the palette offers: what people type who do not know what it is called here."""

from __future__ import annotations

ALSO = {
    "app.sync": "send upload synchronise synchronize transmit receive exchange connect queue",
    "ask_to_erase": "wipe delete destroy panic",
    "back": "close exit return",
    "back_up": "backup copy export usb stick",
    "bring_back": "undo restore recover draft",
    "by_itself": "automatic auto settings",
    "cap": "limit data cost settings",
    "choose": "read view show",
    "discard": "throw away delete remove erase trash",
    "duplicate": "copy clone repeat",
    "edit": "change correct write mend",
    "filters": "saved searches views list",
    "find": "search look filter",
    "hasten": "urgent priority first",
    "help": "keys manual shortcuts settings",
    "history": "versions changes log",
    "hurry": "urgent priority",
    "join": "invite membership enrol register organization code settings",
    "leave_practice": "it exit quit stop demo training",
    "lock": "log out logout log off sign out password passphrase close hide",
    "new": "write add create begin report capture",
    "paper": "password passphrase forgotten print",
    "pause": "stop halt cancel",
    "practise_panic": "drill train test exercise",
    "pull": "download receive get inbox",
    "quit": "exit leave program close end logout",
    "restore": "restore backup recover import bring back stick",
    "review": "send submit sign finish",
    "send": "upload submit transmit",
    "sync": "send upload synchronise synchronize transmit receive exchange connect queue",
    "throw_away": "it delete remove erase end demo training",
    "withdraw": "delete remove retract cancel recall",
}
"""By the name of the action; found, and never shown."""
