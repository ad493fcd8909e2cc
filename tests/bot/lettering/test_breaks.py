import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.lettering.breaks import Measure, break_lines, chunks_of, count_lines

widths = st.lists(st.floats(1, 40), min_size=1, max_size=25)


def measures(*texts: str) -> list[Measure]:
    """Return what words would measure if each letter and space were 1 wide."""
    return [Measure(len(text.rstrip()), len(text), 0.0) for text in texts]


def lines(text: str, max_width: float, num_lines: int) -> list[str]:
    chunks = chunks_of(text)
    sized = [Measure(len(c.text.rstrip()), len(c.text), c.cost) for c in chunks]
    broken = break_lines(sized, max_width=max_width, num_lines=num_lines)
    assert broken is not None
    starts = (0, *broken[1][:-1])
    return [
        "".join(chunk.text for chunk in chunks[start:end]).strip()
        for start, end in zip(starts, broken[1], strict=True)
    ]


def test_a_last_word_is_not_left_alone() -> None:
    assert lines("Watering the tomatoes in a long heat wave", 36, 2) == [
        "Watering the tomatoes",
        "in a long heat wave",
    ]


def test_a_short_word_rather_begins_a_line_than_ends_it() -> None:
    costs = {chunk.text: chunk.cost for chunk in chunks_of("Houses on a hill")}
    assert costs["a "] > costs["Houses "]


@pytest.mark.parametrize(
    "text",
    [
        "炎热天气里，如何给番茄浇水。十条实用建议！",
        "「猛暑」の中で、トマトに（水を）やるときの注意点。",
        "“怎么办？”他问：“真的吗？”",
    ],
)
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(
    text: str,
) -> None:
    for chunk in chunks_of(text):
        assert chunk.text[0] not in "，。！？、：；）」』”…ー"
        assert chunk.text[-1] not in "（「『“"


@pytest.mark.parametrize("max_width", [9, 10, 11, 12])
def test_a_japanese_phrase_stays_whole(max_width: int) -> None:
    phrases = ("猛暑の", "中で", "トマトに", "水を", "やるとき")
    text = "".join(phrases)
    ends = {sum(map(len, phrases[:count])) for count in range(1, 6)}
    assert len(lines(text, max_width, 2)[0]) in ends


def test_a_chinese_word_that_the_parser_does_not_know_is_not_torn() -> None:
    costs = {c.text: c.cost for c in chunks_of("如何给番茄浇水：十条建议")}
    assert costs["番"] > costs["茄"]
    assert costs["水："] == 0


def test_korean_lines_end_between_words() -> None:
    text = "폭염 속에서 토마토에 물 주는 방법"
    words = [word for line in lines(text, 12, 2) for word in line.split()]
    assert words == text.split()


def test_thai_has_places_to_break_without_spaces() -> None:
    assert len(chunks_of("วิธีรดน้ำมะเขือเทศในช่วงอากาศร้อนจัด")) > 4


@settings(deadline=None)
@given(st.text(max_size=60))
def test_chunks_together_are_the_text(text: str) -> None:
    assert "".join(chunk.text for chunk in chunks_of(text)) == text


def test_a_word_wider_than_a_line_does_not_fit() -> None:
    words = measures("a ", "verylongword ", "b")
    assert count_lines(words, 5) is None
    assert break_lines(words, max_width=5, num_lines=3) is None


@settings(deadline=None)
@given(widths, st.floats(40, 200))
def test_lines_are_even_whole_and_never_too_wide(
    advances: list[float], max_width: float
) -> None:
    chunks = [Measure(advance, advance, 0.0) for advance in advances]
    least = count_lines(chunks, max_width)
    assert least is not None
    broken = break_lines(chunks, max_width=max_width, num_lines=least)
    assert broken is not None
    _, ends = broken
    assert len(ends) == least
    assert ends[-1] == len(chunks)
    assert list(ends) == sorted(set(ends))
    for start, end in zip((0, *ends[:-1]), ends, strict=True):
        assert sum(advances[start:end]) <= max_width * 1.000001


@settings(deadline=None)
@given(widths)
def test_the_last_line_is_not_the_shortest_by_far_where_it_need_not_be(
    advances: list[float],
) -> None:
    chunks = [Measure(10, 10, 0.0) for _ in advances]
    if len(chunks) < 4:
        return
    broken = break_lines(chunks, max_width=10 * len(chunks), num_lines=2)
    assert broken is not None
    first, last = broken[1][0], len(chunks) - broken[1][0]
    assert abs(first - last) <= 1
