"""`hearthbot moderate`: JSON lines in, a verdict for each of them out.

In: `{"text": "…", "stage": "input"}`; without a stage it is input. Out, in the same
order: `{"action", "category", "score", "filter", "reason", "scores"}`, or
`{"error": "…"}` for a line that is no such object. Empty lines are passed over.
"""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO, TextIO

from bot.safety.filter import Filter, FilterChain, Judgement, Subject
from bot.safety.policy import Policy
from bot.safety.verdict import Stage

__all__ = [
    "COUNTING_FILTERS",
    "OpenFilters",
    "moderate",
    "moderate_lines",
    "open_lines",
    "read_lines",
]

COUNTING_FILTERS = frozenset({"too_fast", "repeats", "mention_spam"})
"""Filters that count messages over time: rows of a file have none of their own."""

NUM_AT_ONCE = 64
"""How many rows are judged at once, so that a classifier can take them together."""

NUM_READ_AHEAD = 256

Row = Mapping[str, object]
"""What is written about one line."""

OpenFilters = Callable[[], AbstractAsyncContextManager[Iterable[Filter]]]
"""Opens the filters of the bot, in order, and closes what they need afterwards."""


@contextmanager
def open_lines(path: Path | None) -> Iterator[IO[bytes]]:
    """Open a file; for None, what is piped or typed into this program.

    Raises:
        OSError: the file cannot be opened.
    """
    if path is not None:
        with path.open("rb") as source:
            yield source
    else:
        # Never closed, and not sys.stdin, which Python closes at its end: closing
        # would wait for the thread that waits for a line.
        yield open(0, "rb", closefd=False)  # noqa: SIM115


async def moderate(
    source: IO[bytes], out: TextIO, *, open_filters: OpenFilters, policy: Policy
) -> bool:
    """Judge every line of the source; return whether all of them could be read.

    Raises:
        HearthbotError: a filter needs something that is not here.
        OSError: the source cannot be read, or the output not written.
    """
    is_ascii = not (out.encoding or "").lower().startswith("utf")
    num_wrong = 0

    def write(row: Row) -> None:
        nonlocal num_wrong
        num_wrong += "error" in row
        out.write(json.dumps(row, ensure_ascii=is_ascii) + "\n")
        out.flush()  # whoever writes line by line waits for the answer

    async with open_filters() as filters:
        chain = FilterChain(
            [one for one in filters if one.name not in COUNTING_FILTERS]
        )
        await moderate_lines(read_lines(source), chain, policy=policy, write=write)
    return num_wrong == 0


async def moderate_lines(
    lines: AsyncIterator[bytes],
    chain: FilterChain,
    *,
    policy: Policy,
    write: Callable[[Row], None],
) -> None:
    """Write what is said about each line, in order; many are judged at once.

    Raises what `lines` and `write` raise.
    """
    rows: asyncio.Queue[asyncio.Task[Row] | None] = asyncio.Queue()
    slots = asyncio.Semaphore(NUM_AT_ONCE)

    async def judge_all() -> None:
        try:
            async for line in lines:
                if line.strip():
                    await slots.acquire()
                    rows.put_nowait(asyncio.create_task(_row(line, chain, policy)))
        finally:
            rows.put_nowait(None)

    judging = asyncio.create_task(judge_all())
    try:
        while (row := await rows.get()) is not None:
            write(await row)
            slots.release()
        await judging
    finally:
        judging.cancel()
        while not rows.empty():
            if (row := rows.get_nowait()) is not None:
                row.cancel()


async def read_lines(source: IO[bytes]) -> AsyncIterator[bytes]:
    """Yield the lines of a file or pipe, read in a thread of its own.

    Raises:
        OSError: it cannot be read.
    """
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[bytes | OSError] = asyncio.Queue()
    room = threading.Semaphore(NUM_READ_AHEAD)

    is_over = threading.Event()

    def read() -> None:
        line: bytes | OSError = b"\n"
        while line and not isinstance(line, OSError):
            room.acquire()
            if is_over.is_set():
                return
            try:
                line = source.readline()
            except OSError as error:
                line = error
            with suppress(RuntimeError):  # the loop is closed: nobody waits for it
                loop.call_soon_threadsafe(lines.put_nowait, line)

    # A daemon: nothing can wake a thread that waits for a line.
    threading.Thread(target=read, name="moderate-input", daemon=True).start()
    try:
        while line := await lines.get():
            if isinstance(line, OSError):
                raise line
            room.release()
            yield line
    finally:
        is_over.set()
        room.release()


async def _row(line: bytes, chain: FilterChain, policy: Policy) -> Row:
    try:
        subject = _subject(line, policy)
    except ValueError as error:
        return {"error": str(error)}
    return _said(await chain.judge(subject))


def _subject(line: bytes, policy: Policy) -> Subject:
    """Return what a line asks about.

    Raises:
        ValueError: it is no row; says what is wrong, without the text.
    """
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ValueError("the line is not JSON in UTF-8") from None
    if not isinstance(row, dict):
        raise ValueError("the line is not an object with a text")
    text, stage = row.get("text"), row.get("stage", Stage.INPUT)
    if not isinstance(text, str):
        raise ValueError("“text” is missing or not a string")
    if stage not in tuple(Stage):
        raise ValueError("“stage” is neither input nor output")
    return Subject(text, Stage(stage), policy=policy)


def _said(judgement: Judgement) -> Row:
    verdict = judgement.verdict
    return {
        "action": verdict.action.name.lower(),
        "category": verdict.category,
        "score": round(verdict.score, 4),
        "filter": verdict.filter,
        "reason": verdict.reason,
        "scores": {name: round(score, 4) for name, score in judgement.scores.items()},
    }
