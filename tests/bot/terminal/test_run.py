"""`hearthbot run` as a process: its address, its health, its end, its second life."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import psutil
import pytest

if TYPE_CHECKING:
    from tests.bot.conftest import Home
    from tests.bot.terminal.conftest import ModelServer, Running, Start

SECOND_START_S = 10.0  # on a busy machine; else two or three
QUESTION = "Where is the marmalade?"
BEGINNING = "It is in the cellar."


def is_quiet(running: Running) -> bool:
    return not any("Traceback" in line or '"error"' in line for line in running.lines)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_run_answers_on_its_page_until_a_signal_ends_it(
    start: Start, number: signal.Signals
) -> None:
    async with start() as running:
        alive = await running.client.get("/healthz")
        assert (alive.status_code, alive.json()["alive"]) == (200, True)
        await running.until_ready()
        checks = (await running.client.get("/readyz")).json()["checks"]
        assert checks == {"filters": True, "model": True, "platforms": True}
        await running.sign_in("Ada")
        await running.say("Hello")
        texts = await running.read_until(lambda texts: len(texts) == 2)
        assert texts[0] == "Hello"
        code, seconds = await running.end(number)
        assert code == 0
        assert seconds < 10
        assert running.lines[-1] == "Stopped. Goodbye."
        assert is_quiet(running)


async def test_second_run_accepts_messages_soon_and_keeps_its_password_to_itself(
    start: Start,
) -> None:
    async with start() as running:
        assert sum("password" in line for line in running.lines) == 1
        await running.end(signal.SIGTERM)
    async with start() as running:
        await running.sign_in("Ada")
        await running.say("Hello")
        assert running.started_s < SECOND_START_S
        assert not any("password" in line for line in running.lines)


async def test_second_instance_on_one_store_is_refused(
    start: Start, home: Home
) -> None:
    async with start() as running:
        ended = home.run("run")
        assert ended.code == 1
        assert f"(process {running.process.pid}) is using the database" in ended.err
        assert ended.is_kind


async def test_second_instance_on_one_port_is_refused(start: Start, home: Home) -> None:
    async with start() as running:
        ended = home.run(
            "run",
            HEARTHBOT_ADAPTERS__WEB__PORT=str(running.client.base_url.port),
            HEARTHBOT_STORE__PATH="other.sqlite3",
        )
        assert ended.code == 2
        port = running.client.base_url.port
        assert f"Port {port} on 127.0.0.1 is already taken" in ended.err
        assert ended.is_kind


async def test_answer_that_runs_may_finish_when_the_end_is_asked_for(
    start: Start, model_server: ModelServer
) -> None:
    model_server.pieces = lambda number: (BEGINNING, " On the left.")
    model_server.may_end.clear()
    async with start() as running:
        await running.sign_in("Ada")
        await running.say(QUESTION)
        await running.read_until(lambda texts: BEGINNING in texts[-1])
        running.process.send_signal(signal.SIGTERM)
        model_server.may_end.set()
        code, _ = await running.end(signal.SIGCONT)
        assert code == 0
    async with start() as running:
        await running.sign_in("Bob")
        assert await running.read() == [QUESTION, f"{BEGINNING} On the left."]


async def test_run_killed_in_an_answer_keeps_the_talk_and_says_nothing_twice(
    start: Start, model_server: ModelServer
) -> None:
    model_server.pieces = lambda number: (f"{BEGINNING} ",)
    async with start() as running:
        await running.sign_in("Ada")
        await running.say("Good morning")
        await running.read_until(lambda texts: len(texts) == 2)
        model_server.may_end.clear()
        await running.say(QUESTION)
        before = await running.read_until(
            lambda texts: len(texts) == 4 and BEGINNING in texts[3]
        )
        workers = psutil.Process(running.process.pid).children(recursive=True)
        running.process.kill()
        await running.process.wait()
        # Nobody is left behind who holds the model, or the store.
        _, left = await asyncio.to_thread(psutil.wait_procs, workers, timeout=20)
        assert (len(workers) > 0, left) == (True, [])
    model_server.may_end.set()
    model_server.pieces = lambda number: ("Behind the jars.",)
    async with start() as running:
        await running.sign_in("Bob")
        after = await running.read()
        assert after == [*before[:3], f"{before[3].rstrip()}\n\n(interrupted)"]
        await running.say("Where exactly?")
        texts = await running.read_until(lambda texts: texts[-1] == "Behind the jars.")
        assert len(texts) == len(after) + 2
        # The question was not asked anew: a kill is not an answer given twice.
        assert len(model_server.prompts) == 3
        told = [turn["content"] for turn in model_server.prompts[-1]]
        assert any("Good morning" in content for content in told)
        assert any(QUESTION in content for content in told)
