from bot.commands.command import CommandContext
from bot.commands.registry import Registry
from bot.commands.status import status_command
from bot.generation.status import EngineStatus, LoadedModel
from bot.generation.supervisor import WorkerState
from bot.messages import Author, Channel
from bot.words import Words

MODEL = LoadedModel(
    "starter", memory_bytes=300 * 1024**2, max_parallel=16, context_tokens=2048
)


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


async def said(now: EngineStatus) -> str:
    words = Words({})
    registry = Registry((status_command(lambda: now, lambda: 12.4, words),), words)
    context = CommandContext(Author("a", "A"), Channel("fake", "c", "v"), "en")
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
