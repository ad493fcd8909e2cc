"""`hearthbot bench content`: how well the model writes each kind of post."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict

from bot.app import open_app
from bot.bench.content import KindFigures, bench_content
from bot.errors import UserError
from bot.setup import Setup, aside
from bot.terminal.run import fetch_meaning, fetch_missing
from bot.words import T
from content.kinds import KINDS

__all__ = ["print_content_bench"]


async def print_content_bench(
    setup: Setup, kinds: Sequence[str], *, num_topics: int, as_json: bool
) -> None:
    """Have posts written and print how many pass, and how long they take.

    Raises:
        UserError: there is no such kind.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise UserError(
                T(
                    "There is no kind “{kind}”. There are: {kinds}.",
                    kind=kind,
                    kinds=", ".join(KINDS),
                )
            )
    await asyncio.to_thread(fetch_missing, setup)
    await asyncio.to_thread(fetch_meaning, setup)
    bot = setup.config.bot
    with aside(setup) as passing, setup.terminal.steps(T("Writing")) as progress:
        async with open_app(passing, ()) as app:
            figures = await bench_content(
                app.content.writer,
                kinds or tuple(KINDS),
                num_topics=num_topics,
                language=bot.language,
                persona=bot.persona,
                progress=progress,
            )
    if as_json:
        setup.terminal.json([asdict(one) for one in figures])
        return
    setup.terminal.table(
        (
            T("kind"),
            T("posts"),
            T("good at once"),
            T("good in the end"),
            T("answers, p50"),
            T("time, p50"),
            T("longest"),
            T("what was wrong"),
        ),
        [_row(one) for one in figures],
    )


def _row(figures: KindFigures) -> tuple[str, ...]:
    reasons = (f"{reason} ({number})" for reason, number in figures.reasons.items())
    return (
        figures.kind,
        f"{figures.num_drafts}",
        f"{figures.passed_first:.0%}",
        f"{figures.passed:.0%}",
        f"{figures.asked_p50:.0f}",
        f"{figures.p50_s:.1f} s",
        f"{figures.max_s:.1f} s",
        "; ".join(reasons),
    )
