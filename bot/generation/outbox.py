"""The way of a worker's events to the bot."""

import queue
import socket
import threading
import time

from bot.generation.wire import Chunk, Event, Stepped, encode_frame

__all__ = ["Outbox"]

COALESCE_S = 0.006
"""What comes within this time travels in one frame: less than a token takes."""


class Outbox:
    """Writes events to the bot from a thread of its own, many in one frame."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="writer", daemon=True)
        self._thread.start()

    def put(self, event: Event) -> None:
        """Send an event soon. Never blocks."""
        self._events.put(event)

    def close(self) -> None:
        """Send what is left."""
        self._events.put(None)
        self._thread.join()

    def _write(self) -> None:
        is_open = True
        while is_open:
            events = [self._events.get()]
            time.sleep(COALESCE_S)
            while not self._events.empty():
                events.append(self._events.get())
            is_open = None not in events
            frame = encode_frame(_joined([e for e in events if e is not None]))
            try:
                self._connection.sendall(frame)
            except OSError:
                return  # the bot is gone; the reading side notices as well


def _joined(events: list[Event]) -> list[Event]:
    """Make one chunk of all the chunks of a request, and keep its last step only."""
    texts: dict[str, list[str]] = {}
    steps = {event.id: event for event in events if isinstance(event, Stepped)}
    joined: list[Event | str] = []
    for event in events:
        if isinstance(event, Stepped):
            if event is steps[event.id]:
                joined.append(event)
        elif not isinstance(event, Chunk):
            joined.append(event)
        elif event.id in texts:
            texts[event.id].append(event.text)
        else:
            texts[event.id] = [event.text]
            joined.append(event.id)
    return [
        Chunk(item, "".join(texts[item])) if isinstance(item, str) else item
        for item in joined
    ]
