"""The last days of a community's use, to be looked at."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from bot.messages import Attachment
from bot.store.usage import Usage
from bot.words import T, Text, Tn

__all__ = ["usage_chart"]


async def usage_chart(
    days: Mapping[date, Usage], say: Callable[[Text], str]
) -> Attachment | None:
    """Return a chart, which says in words what it shows; None where nothing was used.

    Args:
        days: all that are shown, in order.
        say: says a text in the language of who looks.
    """
    if not any(usage.requests or round(usage.seconds) for usage in days.values()):
        return None
    # Drawing takes a while to load: only who asks for it pays for it.
    from bot.charts.columns import Panel, draw_columns

    chart = await draw_columns(
        say(Tn("The last day here", "The last {n} days here", len(days))),
        [f"{day:%m-%d}" for day in days],
        (
            Panel(
                say(T("Requests a day")), tuple(one.requests for one in days.values())
            ),
            Panel(
                say(T("Seconds of work a day")),
                tuple(round(one.seconds) for one in days.values()),
            ),
        ),
    )
    told = ", ".join(
        f"{day:%m-%d}: {one.requests}, {round(one.seconds)} s"
        for day, one in days.items()
    )
    alt = T("Requests and seconds of work a day: {days}", days=told)
    return replace(chart, name="usage.png", description=say(alt))
