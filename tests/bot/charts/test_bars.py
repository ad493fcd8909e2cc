import io

from PIL import Image

from bot.charts.bars import Bar, draw_bars
from bot.charts.canvas import COLOURS, PAPER, TRACK

NAMES = ("reactions", "votes", "replies")


async def drawn(*bars: Bar) -> Image.Image:
    chart = await draw_bars("The last 30 days", NAMES, bars)
    assert (chart.name, chart.media_type) == ("stats.png", "image/png")
    return Image.open(io.BytesIO(chart.content))


def shares(picture: Image.Image) -> list[int]:
    """Return how many pixels of the first bar have each colour, and none."""
    row = [picture.getpixel((x, 168 + 44 + 13)) for x in range(picture.width)]
    return [row.count(colour) for colour in (*COLOURS, TRACK)]


async def test_texts_that_cannot_be_written_do_not_end_it() -> None:
    odd = Bar("\ue000 \x00", (1, 0, 0))
    long = Bar("word " * 50, (0, 0, 0))
    picture = await drawn(odd, long)
    assert picture.getpixel((2, 2)) == PAPER


async def test_parts_stand_in_proportion_and_none_is_too_small_to_be_seen() -> None:
    first, second, third, rest = shares(await drawn(Bar("Tea", (60, 30, 0))))
    assert abs(first - 2 * second) < 12
    assert (third, rest < 12) == (0, True)
    *_, third, _ = shares(await drawn(Bar("Tea", (9999, 0, 1))))
    assert third > 2
