"""Draw many covers on one sheet, to look at.

  PYTHONPATH=. python tests/content/covers_sheet.py OUT.png [--shape square] [--seed 3]

With --few: the six of docs/images/covers.png.
"""

import argparse
import io
import time
from pathlib import Path

from PIL import Image

from bot.lettering.fonts import Fonts
from content.cover import Shape, make_cover

GAP_PX = 12
TITLES = (
    ("article", "Watering tomatoes in a heat wave", "Article"),
    ("story", "The lighthouse keeper’s last winter, part three", "Story"),
    ("poem", "Embers", "Poem"),
    (
        "digest",
        "What we talked about this week: compost, frost dates and the seed swap",
        "Weekly digest",
    ),
    ("quiz", "Which of these 12 mushrooms can you eat?", "Quiz"),
    ("lesson", "“Ser” or “estar”? When Spanish says “to be” twice", "Lesson 7"),
    (
        "discussion",
        "What would you plant if you had only one square metre?",
        "Discussion",
    ),
    ("article", "炎热天气里如何给番茄浇水：社区园丁的十条实用建议", "文章"),
    ("story", "كيف تسقي الطماطم في موجة الحر", "قصة"),
    ("lesson", "איך להשקות עגבניות בגל חום של 38.5 מעלות", "שיעור"),
    ("digest", "गर्मी की लहर में टमाटर को पानी कैसे दें", "समाचार"),
    ("quiz", "วิธีรดน้ำมะเขือเทศในช่วงอากาศร้อนจัดสำหรับผู้เริ่มต้น", "แบบทดสอบ"),
    ("poem", "古池や蛙飛びこむ水の音", "詩"),
    ("discussion", "폭염 속에서 토마토에 물을 얼마나 자주 주시나요?", "토론"),
    (
        "article",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
        "Artikel",
    ),
    ("lesson", "A 🍅 in the ☀️ sun grows 🌱 with 👩‍🌾 care", "Lesson"),
    ("digest", "7 × 24: 365 days, 1,024 messages and 99.9 % good mood", "Digest"),
    (
        "article",
        "Как поливать помидоры в жару: советы опытного садовода для начинающих",
        "Статья",
    ),
    (
        "article",
        "How a small village in the mountains built its own radio station out of spare "
        "parts, borrowed ladders and a great deal of patience, and what the rest of us "
        "can learn from it today",
        "Article",
    ),
    ("story", "Hi", "Story"),
)
PALETTES = (
    ("#b8471f", "#f0a95c"),
    ("#0f766e", "#fbbf24"),
    ("#4338ca", "#f472b6"),
    ("#166534",),
    ("#be123c", "#fb923c"),
    ("#1d4ed8", "#67e8f9"),
    ("#7c3aed",),
    ("#b8471f", "#f0a95c"),
    ("#334155", "#94a3b8"),
    ("#ca8a04",),
)


FEW = (0, 3, 2, 7, 8, 6)  # which of TITLES
FEW_SEEDS = (5, 10, 11, 6, 2, 2)


def draw(index: int, shape: Shape, seed: int, fonts: Fonts) -> Image.Image:
    kind, title, label = TITLES[index]
    start = time.perf_counter()
    content = make_cover(
        title,
        kind=kind,
        name="Greenfield Gardeners",
        label=label,
        fonts=fonts,
        colours=PALETTES[(index + seed) % len(PALETTES)],
        shape=shape,
        seed=seed,
    )
    spent_ms = (time.perf_counter() - start) * 1000
    print(f"{spent_ms:5.0f} ms {len(content) / 1024:4.0f} KiB {title[:50]}")  # noqa: T201
    return Image.open(io.BytesIO(content))


def sheet(pictures: list[Image.Image], columns: int, width: int) -> Image.Image:
    height = width * pictures[0].height // pictures[0].width
    rows = -(-len(pictures) // columns)
    size = (columns * (width + GAP_PX) + GAP_PX, rows * (height + GAP_PX) + GAP_PX)
    whole = Image.new("RGB", size, "#e9e5df")
    for index, picture in enumerate(pictures):
        row, column = divmod(index, columns)
        place = (GAP_PX + column * (width + GAP_PX), GAP_PX + row * (height + GAP_PX))
        whole.paste(picture.resize((width, height), Image.Resampling.LANCZOS), place)
    return whole


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--shape", choices=[shape.value for shape in Shape])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--few", action="store_true")
    arguments = parser.parse_args()
    shape, fonts = Shape(arguments.shape or "wide"), Fonts()
    if arguments.few:
        pairs = zip(FEW, FEW_SEEDS, strict=True)
        pictures = [draw(index, shape, seed, fonts) for index, seed in pairs]
        small = sheet(pictures, 3, 400).quantize(256, kmeans=2)
        small.save(arguments.out, optimize=True)
        return
    pictures = [
        draw(index, shape, arguments.seed * 100 + index, fonts)
        for index in range(len(TITLES))
    ]
    columns, width = (3, 640) if shape is Shape.WIDE else (4, 480)
    sheet(pictures, columns, width).save(arguments.out)


if __name__ == "__main__":
    main()
