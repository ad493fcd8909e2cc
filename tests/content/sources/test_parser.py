import asyncio
import io
import sys
from datetime import UTC, datetime

import pytest

from bot.clock import FakeClock, SystemClock
from bot.words import T
from content.sources.errors import NotReadableError, TooSlowError
from content.sources.fetching import Fetched
from content.sources.parser import DirectParser, DocumentParser, ProcessParser
from content.sources.parsing import (
    MAX_ANSWER_BYTES,
    Task,
    decode_answer,
    encode_task,
    serve,
)

NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)
FEED = Fetched("https://a.example/f", b"<rss><channel><item><title>One</title></item>")
PAGE = Fetched("https://a.example/p", "Schön".encode("cp1252"), "text/plain", "cp1252")

PARSERS = {
    "direct": DirectParser(),
    "process": ProcessParser(clock=SystemClock()),
}


@pytest.fixture(params=PARSERS)
def parser(request: pytest.FixtureRequest) -> DocumentParser:
    return PARSERS[str(request.param)]


async def test_refusal_is_said(parser: DocumentParser) -> None:
    with pytest.raises(NotReadableError) as caught:
        await parser.feed(Fetched("https://a.example/", b"no feed"), now_utc=NOW)
    assert caught.value.text == T("there is no feed at this address")
    with pytest.raises(NotReadableError, match="no text"):
        await parser.page(Fetched("https://a.example/", b"", "text/plain"))


async def test_documents_are_read(parser: DocumentParser) -> None:
    (entry,) = await parser.feed(FEED, now_utc=NOW)
    assert entry.title == "One"
    assert await parser.page(PAGE) == "Schön"


def script(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


READ_ALL = "import sys; sys.stdin.buffer.read(); "


@pytest.mark.parametrize(
    "code",
    [
        READ_ALL + "sys.exit(1)",
        "raise SystemExit",
        READ_ALL + "print('nonsense')",
        READ_ALL + "print('{\"entries\": 7}')",
        READ_ALL + f"print('x' * {MAX_ANSWER_BYTES + 1})",
        "import os; os.kill(os.getpid(), 9)",
    ],
)
async def test_process_that_breaks_costs_one_document(code: str) -> None:
    parser = ProcessParser(clock=SystemClock(), command=script(code))
    for _ in range(2):
        with pytest.raises(NotReadableError, match="cannot be read"):
            await parser.feed(FEED, now_utc=NOW)


async def test_process_that_hangs_is_given_up() -> None:
    clock = FakeClock()
    parser = ProcessParser(clock=clock, command=script("input(); input()"))
    task = asyncio.create_task(parser.feed(FEED, now_utc=NOW))
    async with asyncio.timeout(20):
        await clock.advance(19)
        assert not task.done()
        await clock.advance(2)
        with pytest.raises(TooSlowError, match="longer than 20 s"):
            await task
    assert clock.num_sleepers == 0


async def test_document_that_keeps_its_parser_busy_does_not_keep_the_bot() -> None:
    slow = b"<rss version='2.0'><channel><title>F</title>" + b"<a>" * 300_000
    parser = ProcessParser(clock=SystemClock(), limit_s=1.0)
    with pytest.raises(TooSlowError):
        await parser.feed(Fetched("https://a.example/", slow), now_utc=NOW)
    (entry,) = await PARSERS["process"].feed(FEED, now_utc=NOW)
    assert entry.title == "One"


async def test_secrets_do_not_reach_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    code = READ_ALL + (
        "import os, json; print(json.dumps({'text': ' '.join(sorted(os.environ))}))"
    )
    parser = ProcessParser(clock=SystemClock(), command=script(code))
    names = (await parser.page(PAGE)).split()
    assert "PATH" in names
    assert "DISCORD_TOKEN" not in names


def test_task_and_answer_survive_the_way() -> None:
    task = Task("feed", FEED.url, "", "", NOW)
    sink = io.BytesIO()
    serve(io.BytesIO(encode_task(task, FEED.content + b"\n\n")), sink)
    entries, text = decode_answer(sink.getvalue())
    assert [entry.title for entry in entries] == ["One"]
    assert text == ""
    sink = io.BytesIO()
    serve(io.BytesIO(encode_task(Task("page", "", "text/plain", "", NOW), b"x")), sink)
    assert decode_answer(sink.getvalue()) == ([], "x")
    sink = io.BytesIO()
    serve(io.BytesIO(encode_task(task, b"no feed")), sink)
    with pytest.raises(NotReadableError, match="there is no feed"):
        decode_answer(sink.getvalue())
