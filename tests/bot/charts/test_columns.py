import io

from PIL import Image

from bot.charts.canvas import COLOURS, PAPER
from bot.charts.columns import Panel, draw_columns

DAYS = ("01-01", "01-02", "01-03")


async def drawn(*numbers: tuple[int, ...]) -> Image.Image:
    panels = [Panel("Requests", each) for each in numbers]
    chart = await draw_columns("The last 3 days", DAYS, panels)
    assert (chart.name, chart.media_type) == ("chart.png", "image/png")
    return Image.open(io.BytesIO(chart.content))


def heights(picture: Image.Image, colour: tuple[int, int, int]) -> list[int]:
    """Return how high each column of a colour is, from the left; 0: there is none."""
    step = (picture.width - 2 * 48) / len(DAYS)
    return [
        sum(
            picture.getpixel((round(48 + step * (index + 0.5)), y)) == colour
            for y in range(picture.height)
        )
        for index in range(len(DAYS))
    ]


async def test_nothing_is_drawn_for_nothing_and_little_can_still_be_seen() -> None:
    assert heights(await drawn((0, 0, 0)), COLOURS[0]) == [0, 0, 0]
    first, second, third = heights(await drawn((0, 1, 99_999)), COLOURS[0])
    assert first == 0
    assert 4 < second < 8 < third
    assert (await drawn((1, 1, 1))).getpixel((2, 2)) == PAPER


async def test_columns_stand_in_proportion_each_panel_to_its_own_scale() -> None:
    picture = await drawn((10, 20, 40), (400, 200, 100))
    ones, others = heights(picture, COLOURS[0]), heights(picture, COLOURS[2])
    assert abs(ones[2] - 2 * ones[1]) < 4
    assert abs(ones[1] - 2 * ones[0]) < 4
    assert ones == list(reversed(others))
