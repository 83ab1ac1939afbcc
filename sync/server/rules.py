"""The write rules of docs/protocol.md §9, as the server asks for them."""

from sync.protocol.permissions import (
    Author as Author,
)
from sync.protocol.permissions import (
    Standing as Standing,
)
from sync.protocol.permissions import (
    check_lane as check_lane,
)
from sync.protocol.permissions import (
    check_pull as check_pull,
)
from sync.protocol.permissions import (
    check_write as check_write,
)
from sync.protocol.permissions import (
    feed_order as feed_order,
)
