"""`hearthbot bench desk`: whether those who look at the desk slow a chat."""

from dataclasses import asdict

from bot.config import ChatModelConfig
from bot.setup import Setup
from bot.terminal.bench import without_limits
from bot.words import T

__all__ = ["print_desk_bench"]


async def print_desk_bench(
    setup: Setup, *, viewers: int, rounds: int, as_json: bool
) -> None:
    """Measure a chat with and without viewers of the desk, and print it."""
    from bot.bench.desk import bench_desk

    with (
        without_limits(setup, ChatModelConfig(model="fake", backend="fake")) as bench,
        setup.terminal.steps(T("Measuring")) as progress,
    ):
        figures = await bench_desk(
            bench, num_viewers=viewers, num_rounds=rounds, progress=progress
        )
    terminal = setup.terminal
    if as_json:
        terminal.json(asdict(figures))
        return
    terminal.facts(
        {
            terminal.say(T("viewers of the desk")): f"{figures.num_viewers}",
            terminal.say(T("a chat, nobody looking on")): f"{figures.alone_s:.2f} s",
            terminal.say(T("a chat, all looking on")): f"{figures.watched_s:.2f} s",
            terminal.say(T("the second by the first")): f"{figures.ratio:.2f}",
            terminal.say(T("looks a second")): f"{figures.looks_per_s:.0f}",
            terminal.say(T("a look, half and 95 % of them")): (
                f"{figures.look_ms_p50:.0f} ms, {figures.look_ms_p95:.0f} ms"
            ),
            terminal.say(T("CPU of a look")): f"{figures.look_cpu_ms:.2f} ms",
            terminal.say(T("loop lag, p99")): f"{figures.lag_p99_ms:.1f} ms",
        }
    )
