"""`hearthbot bench …`: how fast the bot is on this machine."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from bot.config import ChatModelConfig, ModelsConfig, QuotaConfig
from bot.setup import Setup, aside
from bot.terminal.output import Terminal
from bot.terminal.run import fetch_missing
from bot.words import T

if TYPE_CHECKING:
    from bot.bench.chat import ChatFigures

__all__ = ["print_chat_bench", "print_overhead_bench", "without_limits"]

NO_LIMIT = 10**9


async def print_chat_bench(
    setup: Setup,
    *,
    users: int,
    rounds: int,
    tokens: int,
    as_json: bool,
    with_generate: bool = False,
    with_guard: bool = True,
) -> None:
    """Measure the whole bot and the bare backend, and print both."""
    from bot.bench.chat import bench_chat
    from bot.safety.fake import NoClassifier

    await asyncio.to_thread(fetch_missing, setup)
    chat = setup.config.models.chat.model_copy(update={"max_tokens": tokens})
    with (
        without_limits(setup, chat) as bench,
        setup.terminal.steps(T("Measuring")) as progress,
    ):
        figures = await bench_chat(
            bench,
            num_users=users,
            num_rounds=rounds,
            progress=progress,
            with_generate=with_generate,
            guard=None if with_guard else NoClassifier(),
        )
    if as_json:
        setup.terminal.json(asdict(figures))
        return
    _print_chat(setup.terminal, figures)


async def print_overhead_bench(setup: Setup, *, messages: int, as_json: bool) -> None:
    """Measure what the bot costs per message, and print it."""
    from bot.bench.overhead import bench_overhead

    with (
        without_limits(setup, ChatModelConfig(model="fake", backend="fake")) as bench,
        setup.terminal.steps(T("Measuring")) as progress,
    ):
        figures = await bench_overhead(bench, num_messages=messages, progress=progress)
    if as_json:
        setup.terminal.json(asdict(figures))
        return
    setup.terminal.facts(
        {
            setup.terminal.say(T("messages")): f"{figures.num_messages}",
            setup.terminal.say(T("CPU per message")): f"{figures.cpu_ms:.2f} ms",
            setup.terminal.say(T("time per message")): f"{figures.wall_ms:.2f} ms",
            setup.terminal.say(T("memory")): " → ".join(
                f"{value:.0f}" for value in figures.memory_mib
            )
            + " MiB",
            setup.terminal.say(T("loop lag, p99 and worst")): (
                f"{figures.lag_p99_ms:.1f} ms, {figures.lag_max_ms:.1f} ms"
            ),
        }
    )


def _print_chat(terminal: Terminal, figures: "ChatFigures") -> None:
    terminal.table(
        (T("what"), T("tokens a second"), T("first sentence, p50"), T("p95")),
        [
            (
                terminal.say(name),
                f"{speed.tokens_per_s:.0f}",
                f"{speed.first_s_p50:.2f} s",
                f"{speed.first_s_p95:.2f} s",
            )
            for name, speed in (
                (T("the whole bot"), figures.bot),
                (T("the bare backend"), figures.bare),
            )
        ],
    )
    terminal.facts(
        {
            terminal.say(T("ratio")): f"{figures.ratio:.3f}",
            terminal.say(T("memory, idle and after talking")): (
                f"{figures.idle_mib:.0f} MiB, {figures.talking_mib:.0f} MiB"
            ),
            terminal.say(T("loop lag, p99 and worst")): (
                f"{figures.lag_p99_ms:.1f} ms, {figures.lag_max_ms:.1f} ms"
            ),
        }
    )
    if (one := figures.generate) is not None:
        terminal.facts(
            {
                terminal.say(T("one person, tokens a second")): (
                    f"{one.bot_tokens_per_s:.0f}"
                ),
                terminal.say(T("model.generate, tokens a second")): (
                    f"{one.generate_tokens_per_s:.0f}"
                ),
                terminal.say(T("ratio")): f"{one.ratio:.2f}",
            }
        )


@contextmanager
def without_limits(setup: Setup, chat: ChatModelConfig) -> Iterator[Setup]:
    """Return a setup with a store of its own, where people may write without limits.

    Everything is judged, and nothing of what is said blocked: a filter that errs must
    not end a measurement.
    """
    safety = setup.config.safety
    safety = safety.model_copy(
        update={
            "person_per_minute": NO_LIMIT,
            "channel_per_minute": NO_LIMIT,
            "shadow": True,
            "repeats": safety.repeats.model_copy(
                update={"flag_at": NO_LIMIT, "block_at": NO_LIMIT}
            ),
        }
    )
    quota = QuotaConfig(
        requests=0, seconds=0, community_requests=0, community_seconds=0
    )
    config = setup.config.model_copy(
        update={
            "bot": setup.config.bot.model_copy(update={"first_contact": False}),
            "safety": safety,
            "quota": quota,
            "models": ModelsConfig(chat=chat),
        }
    )
    with aside(replace(setup, config=config)) as passing:
        yield passing
