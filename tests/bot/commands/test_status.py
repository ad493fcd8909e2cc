from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.clock import FakeClock
from bot.commands.command import CommandContext
from bot.commands.registry import Registry
from bot.commands.status import status_command
from bot.fake_settings import FakeSettings
from bot.generation.status import EngineStatus, LoadedModel
from bot.generation.supervisor import WorkerState
from bot.messages import Author, Channel
from bot.pause import Output, Pause, Where
from bot.pauses import Pauses
from bot.words import Words

MODEL = LoadedModel(
    "starter", memory_bytes=300 * 1024**2, max_parallel=16, context_tokens=2048
)


HERE = Channel("fake", "c", "v")


def status(worker: WorkerState, *models: LoadedModel, speed: float) -> EngineStatus:
    return EngineStatus(
        waiting=2,
        running=3,
        worker=worker,
        worker_pid=1,
        worker_rss_bytes=0,
        restarts=0,
        models=models,
        tokens_per_s=speed,
        is_draining=False,
    )


async def said(now: EngineStatus, pauses: Pauses | None = None) -> str:
    words = Words({})
    pauses = pauses or Pauses(FakeSettings(), FakeClock())
    command = status_command(
        lambda: now, lambda: 12.4, words, pauses=pauses, zone=ZoneInfo("Europe/Berlin")
    )
    registry = Registry((command,), words)
    context = CommandContext(Author("a", "A"), HERE, "en")
    return str((await registry.run("/status", context)).text)


async def test_status_of_a_busy_bot_has_queue_model_and_speed() -> None:
    text = await said(status(WorkerState.READY, MODEL, speed=99.6))
    assert text.splitlines() == [
        "- My model is ready.",
        "- Answers being written: 3; waiting: 2.",
        "- “starter” is loaded: 300 MB.",
        "- 100 tokens a second.",
        "- I react within 12 ms.",
    ]


async def test_status_of_a_worker_that_fell_says_so() -> None:
    text = await said(status(WorkerState.RESTARTING, speed=0.0))
    assert text.startswith("- My model stumbled and is starting again.")
    assert "tokens a second" not in text


async def test_status_tells_what_rests_here_why_and_until_when() -> None:
    clock = FakeClock()
    pauses = Pauses(FakeSettings(), clock)
    end_utc = clock.now_utc() + timedelta(hours=2)
    await pauses.put(HERE, Where.HERE, Output.CHAT, Pause(end_utc, "We tidy up."))
    await pauses.put(HERE, Where.COMMUNITY, Output.POSTS, Pause())
    over = Pause(clock.now_utc() - timedelta(minutes=1))
    await pauses.put(HERE, Where.HERE, Output.PICTURES, over)
    elsewhere = Channel("fake", "other", "town")
    await pauses.put(elsewhere, Where.COMMUNITY, Output.CHAT, Pause())
    lines = (await said(status(WorkerState.READY, speed=0.0), pauses)).splitlines()
    end = f"{end_utc.astimezone(ZoneInfo('Europe/Berlin')):%Y-%m-%d %H:%M}"
    assert lines[-2:] == [
        "- Resting in this community: posts.",
        f"- Resting here: chat. Until {end} (Europe/Berlin). Why: We tidy up.",
    ]
    pauses.panic()
    text = await said(status(WorkerState.READY, speed=0.0), pauses)
    assert "- Resting everywhere: everything. Only the owner ends that." in text
