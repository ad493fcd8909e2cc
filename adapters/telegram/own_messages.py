"""Which messages of the bot are known, to find one whose receipt was lost."""

from collections import OrderedDict, deque

__all__ = ["OwnMessages"]

KEEP_CHATS = 5_000
KEEP_IDS = 128


class OwnMessages:
    """The newest id that was seen where messages are counted, and the bot's own ids.

    Supergroups and channels count their messages for themselves; private chats and
    small groups share one count.
    """

    def __init__(self) -> None:
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._own: OrderedDict[str, deque[int]] = OrderedDict()

    def newest(self, chat_id: str) -> int:
        """Return the newest message id seen where the chat's are counted; 0: none."""
        return self._newest.get(_count_of(chat_id), 0)

    def seen(self, chat_id: str, message_id: int) -> None:
        """Note a message of anybody."""
        count = _count_of(chat_id)
        self._newest[count] = max(message_id, self._newest.get(count, 0))
        self._newest.move_to_end(count)
        while len(self._newest) > KEEP_CHATS:
            self._newest.popitem(last=False)

    def add(self, chat_id: str, message_id: int) -> None:
        """Note a message of the bot."""
        self.seen(chat_id, message_id)
        self._own.setdefault(chat_id, deque(maxlen=KEEP_IDS)).append(message_id)
        self._own.move_to_end(chat_id)
        while len(self._own) > KEEP_CHATS:
            self._own.popitem(last=False)

    def is_known(self, chat_id: str, message_id: int) -> bool:
        """Return whether a message is one that the bot knows to be its own."""
        return message_id in self._own.get(chat_id, ())


def _count_of(chat_id: str) -> str:
    return chat_id if chat_id.startswith(("-100", "@")) else "private"
