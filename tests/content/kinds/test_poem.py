from itertools import cycle

import pytest

from bot.generation.requests import TextParams
from content.drafting import Brief, DraftFailedError
from content.kinds.poem import Poem
from content.text_maker import FakeTextMaker

TOPIC = "a walk in the park after the rain"
ANSWER = """Puddles hold the morning sky, the gravel path smells of moss.
The park is washed and bright
I love it
A sparrow shakes its wings
Poem about rain
Wet benches wait for nobody, and
The bronze statue drips
Leaves let go of silver drops
Children count the worms
12 drops of rain
The park is washed and new"""


def saying(*answers: str) -> FakeTextMaker:
    waiting = cycle(answers)
    return FakeTextMaker(lambda prompt, params: next(waiting))


async def test_lines_of_prose_and_verse_become_stanzas_of_four() -> None:
    made = await Poem().draft(Brief(TOPIC), saying(ANSWER))
    assert made.title == "A walk in the park after the rain"
    stanzas = [stanza.split("  \n") for stanza in made.body.split("\n\n")]
    assert [len(stanza) for stanza in stanzas] == [4, 4]
    assert stanzas[0][0] == "The park is washed and bright,"
    assert all(line[0].isupper() and line[-1] in ",." for s in stanzas for line in s)


@pytest.mark.parametrize("words", ["I love", "Poem", "12", "washed and new", " and,"])
async def test_line_that_is_none_is_left_out(words: str) -> None:
    made = await Poem().draft(Brief(TOPIC), saying(ANSWER))
    assert words not in made.body


async def test_one_stanza_will_do_where_no_more_comes() -> None:
    few = "\n".join(ANSWER.splitlines()[1:9])
    maker = saying(few)
    made = await Poem().draft(Brief(TOPIC), maker)
    assert "\n\n" not in made.body
    assert len(maker.prompts) == 12


async def test_fewer_lines_than_a_stanza_are_no_poem() -> None:
    with pytest.raises(DraftFailedError):
        await Poem().draft(Brief(TOPIC), saying("The park is washed and bright"))


async def test_topic_is_the_first_line_where_no_other_names_it() -> None:
    lines = "A sparrow shakes its wings\nThe bronze statue drips\nMoss on every stone"
    maker = saying(f"{lines}\nChildren count the worms")
    made = await Poem().draft(Brief("the old town", scale=0.5), maker)
    assert made.body.splitlines()[0] == "The old town,  "


async def test_chinese_poem_has_chinese_marks() -> None:
    lines = "雨后的公园很安静\n小鸟在枝头歌唱\n水洼映着一片天空\n长椅上落满花瓣"
    brief = Brief("雨后的公园", language="zh", scale=0.5)
    made = await Poem().draft(brief, saying(lines))
    assert made.body.splitlines()[0] == "雨后的公园很安静，  "
    assert made.body.endswith("长椅上落满花瓣。")


async def test_temperature_is_livelier_than_in_prose() -> None:
    seen: list[float] = []

    def answer(prompt: str, params: TextParams) -> str:
        seen.append(params.temperature)
        return ANSWER

    await Poem().draft(Brief(TOPIC), FakeTextMaker(answer))
    assert min(seen) > 0.5
