"""The whole bot against the bare backend, turn by turn in one run."""

import asyncio
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import psutil

from bot.app import App, open_app
from bot.app_models import find_models
from bot.bench.bare import BareBackend
from bot.bench.generate import generate_speeds
from bot.bench.talk import QUESTIONS, Speed, Talkers, quick_platform
from bot.generation.requests import (
    ModelSpec,
    PromptTurn,
    TextParams,
    TextPayload,
    TurnRole,
)
from bot.models.machine import inspect_machine
from bot.safety.classifier import TextClassifier
from bot.setup import Setup

__all__ = ["ChatFigures", "GenerateFigures", "SpeedFigures", "bench_chat"]

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SpeedFigures:
    """Medians over the rounds; times to the first visible sentence in seconds."""

    tokens_per_s: float
    first_s_p50: float
    first_s_p95: float


@dataclass(frozen=True, slots=True)
class GenerateFigures:
    """One person's tokens a second, medians over the rounds.

    Attributes:
        generate_tokens_per_s: by plain `model.generate` of transformers.
        bot_tokens_per_s: by the whole bot.
        ratio: the bot's by that of `model.generate`.
    """

    generate_tokens_per_s: float
    bot_tokens_per_s: float
    ratio: float


@dataclass(frozen=True, slots=True)
class ChatFigures:
    """What was measured.

    Attributes:
        ratio: the bot's tokens per second by the backend's, round by round, median.
        idle_mib: memory of the bot and its worker, model loaded, nobody talking.
        talking_mib: the same, right after everybody talked.
        lag_p99_ms: how late the event loop was while everybody talked; so with max.
        generate: one person's speed against `model.generate`; None: not asked for.
    """

    model: str
    backend: str
    num_users: int
    num_rounds: int
    bot: SpeedFigures
    bare: SpeedFigures
    ratio: float
    ratios: tuple[float, ...]
    idle_mib: float
    talking_mib: float
    lag_p99_ms: float
    lag_max_ms: float
    generate: GenerateFigures | None = None


async def bench_chat(
    setup: Setup,
    *,
    num_users: int,
    num_rounds: int,
    progress: Callable[[int, int], None],
    with_generate: bool = False,
    guard: TextClassifier | None = None,
) -> ChatFigures:
    """Let so many people talk with the bot, then ask the bare backend the same.

    Both run on the same processors one after the other, never at once, in rounds, so
    that a change in the machine's speed touches both. `model.generate` comes last. A
    `guard` stands in for that of the settings.

    Raises:
        GenerationError: an answer failed.
        MissingError: there is no model, or no transformers to compare with.
    """
    models = await asyncio.to_thread(lambda: find_models(setup, inspect_machine()))
    name = setup.config.models.chat.model
    bots, bares = list[Speed](), list[Speed]()
    on = {"fake": quick_platform}
    async with open_app(setup, [*on], models=models, adapters=on, guard=guard) as app:
        await app.engine.load(name)
        idle_mib = _memory_mib()
        talkers = Talkers(app, num_users, is_fresh=True)
        await talkers.ask_once()  # warm up
        talking_mib = _memory_mib()
        bare = await asyncio.to_thread(BareBackend, models[name])
        payloads, params = _payloads(app, num_users), _params(setup)
        await asyncio.to_thread(bare.ask_once, payloads, params)
        lags = []
        for number in range(num_rounds):
            app.lag.clear()
            bots.append(await talkers.ask_once())
            lags.append(app.lag.read())
            bares.append(await asyncio.to_thread(bare.ask_once, payloads, params))
            progress(number + 1, num_rounds)
        await asyncio.to_thread(bare.close)
        alone = Talkers(app, 1, is_fresh=True, name="alone")
        num_alone = num_rounds if with_generate else 0
        singles = [await alone.ask_once() for _ in range(num_alone)]
    generate = await _compared(singles, models[name], payloads[0], params)
    ratios = _ratios(bots, bares)
    return ChatFigures(
        model=name,
        backend=models[name].backend,
        num_users=num_users,
        num_rounds=num_rounds,
        bot=_medians(bots),
        bare=_medians(bares),
        ratio=statistics.median(ratios),
        ratios=tuple(ratios),
        idle_mib=idle_mib,
        talking_mib=talking_mib,
        lag_p99_ms=max(lag.p99_ms for lag in lags),
        lag_max_ms=max(lag.max_ms for lag in lags),
        generate=generate,
    )


async def _compared(
    bot: Sequence[Speed], spec: ModelSpec, payload: TextPayload, params: TextParams
) -> GenerateFigures | None:
    """Compare what the bot did for one person with `model.generate`; None: nothing."""
    if not bot:
        return None
    speeds = await generate_speeds(
        spec, payload, max_tokens=params.max_tokens, num_rounds=len(bot)
    )
    bot_speed = statistics.median(speed.tokens_per_s for speed in bot)
    generate_speed = statistics.median(speeds)
    return GenerateFigures(generate_speed, bot_speed, bot_speed / generate_speed)


def _ratios(bots: Sequence[Speed], bares: Sequence[Speed]) -> list[float]:
    return [
        bot.tokens_per_s / bare.tokens_per_s
        for bot, bare in zip(bots, bares, strict=True)
    ]


def _payloads(app: App, num_users: int) -> list[TextPayload]:
    """Return the prompts that the bot makes of the same questions."""
    bot = app.setup.config.bot
    persona = app.setup.config.personas[bot.persona].prompt.replace("{name}", bot.name)
    return [
        TextPayload(
            (
                PromptTurn(TurnRole.SYSTEM, persona),
                PromptTurn(TurnRole.USER, QUESTIONS[number % len(QUESTIONS)]),
            )
        )
        for number in range(num_users)
    ]


def _params(setup: Setup) -> TextParams:
    chat = setup.config.models.chat
    return TextParams(
        max_tokens=chat.max_tokens,
        temperature=chat.temperature,
        top_p=chat.top_p,
        repetition_penalty=chat.repetition_penalty,
    )


def _medians(speeds: Sequence[Speed]) -> SpeedFigures:
    return SpeedFigures(
        tokens_per_s=statistics.median(speed.tokens_per_s for speed in speeds),
        first_s_p50=statistics.median(speed.first_s_p50 for speed in speeds),
        first_s_p95=statistics.median(speed.first_s_p95 for speed in speeds),
    )


def _memory_mib() -> float:
    """Return what the bot and its worker take together (resident, MiB)."""
    process = psutil.Process()
    family = (process, *process.children(recursive=True))
    return sum(member.memory_info().rss for member in family) / MIB
