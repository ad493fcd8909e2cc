"""Draw many covers on one sheet, to look at: python tests/content/covers_sheet.py OUT.png

With --small: the six of the README. With --shape square: only those.
"""

import argparse
import io
import time
from pathlib import Path

from PIL import Image

from content.cover import Shape, make_cover
from content.cover_compositions import COMPOSITIONS
from content.cover_fonts import Fonts

TITLES = (
    ("article", "Watering tomatoes in a heat wave", "Article"),
    ("story", "The lighthouse keeper’s last winter, part three", "Story"),
    ("poem", "Embers", "Poem"),
    ("digest", "What we talked about this week: compost, frost dates and the seed swap", "Weekly digest"),
    ("quiz", "Which of these 12 mushrooms can you eat?", "Quiz"),
    ("lesson", "“Ser” or “estar”? When Spanish says “to be” twice", "Lesson 7"),
    ("discussion", "What would you plant if you had only one square metre?", "Discussion"),
    ("article", "炎热天气里如何给番茄浇水：社区园丁的十条实用建议", "文章"),
    ("story", "كيف تسقي الطماطم في موجة الحر", "قصة"),
    ("lesson", "איך להשקות עגבניות בגל חום של 38.5 מעלות", "שיעור"),
    ("digest", "गर्मी की लहर में टमाटर को पानी कैसे दें", "समाचार"),
    ("quiz", "วิธีรดน้ำมะเขือเทศในช่วงอากาศร้อนจัดสำหรับผู้เริ่มต้น", "แบบทดสอบ"),
    ("poem", "古池や蛙飛びこむ水の音", "詩"),
    ("discussion", "폭염 속에서 토마토에 물을 얼마나 자주 주시나요?", "토론"),
    ("article", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "Artikel"),
    ("lesson", "A 🍅 in the ☀️ sun grows 🌱 with 👩‍🌾 care", "Lesson"),
    ("digest", "7 × 24: 365 days, 1,024 messages and 99.9 % good mood", "Digest"),
    ("article", "Как поливать помидоры в жару: советы опытного садовода для начинающих", "Статья"),
    ("article", "How a small village in the mountains built its own radio station out of spare parts, borrowed ladders and a great deal of patience, and what the rest of us can learn from it today", "Article"),
    ("story", "Hi", "Story"),
)
PALETTES = (
    ("#b8471f", "#f0a95c"), ("#0f766e", "#fbbf24"), ("#4338ca", "#f472b6"), ("#166534",),
    ("#be123c", "#fb923c"), ("#1d4ed8", "#67e8f9"), ("#7c3aed",), ("#b8471f", "#f0a95c"),
    ("#334155", "#94a3b8"), ("#ca8a04",),
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--shape", choices=[shape.value for shape in Shape], default="wide")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    shape, fonts = Shape(arguments.shape), Fonts()
    pictures = []
    for index, (kind, title, label) in enumerate(TITLES):
        start = time.perf_counter()
        content = make_cover(title, kind=kind, name="Greenfield Gardeners", label=label, fonts=fonts,
            colours=PALETTES[(index + arguments.seed) % len(PALETTES)], shape=shape, seed=arguments.seed * 100 + index)
        spent_ms = (time.perf_counter() - start) * 1000
        print(f"{spent_ms:6.0f} ms {len(content) / 1024:6.0f} KiB {title[:40]}")
        pictures.append(Image.open(io.BytesIO(content)))
    columns = 3 if shape is Shape.WIDE else 4
    width = 640 if shape is Shape.WIDE else 480
    height = width * pictures[0].height // pictures[0].width
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * (width + 12) + 12, rows * (height + 12) + 12), "#888888")
    for index, picture in enumerate(pictures):
        place = (12 + index % columns * (width + 12), 12 + index // columns * (height + 12))
        sheet.paste(picture.resize((width, height), Image.Resampling.LANCZOS), place)
    sheet.save(arguments.out)


if __name__ == "__main__":
    main()
