from datetime import date, timedelta

from bot.commands.usage_chart import usage_chart
from bot.store.usage import Usage

FIRST = date(2026, 1, 30)


async def test_nothing_is_drawn_where_nothing_was_used() -> None:
    assert (
        await usage_chart({FIRST: Usage(), FIRST + timedelta(1): Usage()}, str) is None
    )


async def test_chart_says_in_words_what_it_shows() -> None:
    days = {FIRST: Usage(), FIRST + timedelta(1): Usage(3, 1.6)}
    days |= {FIRST + timedelta(2): Usage(0, 7.2)}
    chart = await usage_chart(days, str)
    assert chart is not None
    assert chart.name == "usage.png"
    assert chart.content.startswith(b"\x89PNG")
    told = "01-30: 0, 0 s, 01-31: 3, 2 s, 02-01: 0, 7 s"
    assert chart.description == f"Requests and seconds of work a day: {told}"
