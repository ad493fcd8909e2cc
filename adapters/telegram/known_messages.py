"""Which messages are known, to find one whose receipt was lost."""

from collections import OrderedDict

__all__ = ["KnownMessages"]

KEEP_COUNTS = 5_000
KEEP_IDS = 1_024


class KnownMessages:
    """The ids of messages that were seen lately, where they are counted.

    Supergroups and channels count their messages for themselves; private chats and
    small groups share one count.
    """

    def __init__(self) -> None:
        self._ids: OrderedDict[str, OrderedDict[int, None]] = OrderedDict()
        self._newest: dict[str, int] = {}

    def newest(self, chat_id: str) -> int:
        """Return the newest message id seen where the chat's are counted; 0: none."""
        return self._newest.get(_count_of(chat_id), 0)

    def add(self, chat_id: str, message_id: int) -> None:
        """Note a message, of the bot or of anybody."""
        count = _count_of(chat_id)
        ids = self._ids.setdefault(count, OrderedDict())
        ids[message_id] = None
        if len(ids) > KEEP_IDS:
            ids.popitem(last=False)
        self._newest[count] = max(message_id, self._newest.get(count, 0))
        self._ids.move_to_end(count)
        while len(self._ids) > KEEP_COUNTS:
            oldest, _ = self._ids.popitem(last=False)
            del self._newest[oldest]

    def has(self, chat_id: str, message_id: int) -> bool:
        """Return whether a message with this id was seen where the chat's are."""
        return message_id in self._ids.get(_count_of(chat_id), ())


def _count_of(chat_id: str) -> str:
    return chat_id if chat_id.startswith(("-100", "@")) else "private"
