import pytest

from bot.store.materials import Material
from content.drafting import Brief, Draft, DraftFailedError
from content.kinds.recap import Recap
from content.text_maker import FakeTextMaker

SILENT = FakeTextMaker(lambda prompt, params: "")


def says(
    person: str, text: str, *, may: bool = False, room: str = "#garden"
) -> Material:
    return Material(room, "", text, person, may)


TALK = (
    says("ann", "My tomatoes need water twice a day now, it is so hot.", may=True),
    says("bob", "Which tomatoes do you grow, Peter? Write to bob@example.org"),
    says("peter", "Small yellow tomatoes, they like the balcony, says Bob."),
    says("cleo", "A balcony needs shade at noon. Call 555-0199."),
    says("bob", "We could play a board game on friday.", room="#games"),
    says("peter", "A board game sounds fine to me.", room="#games"),
    says("dan", "secretword secretword secretword"),
    says("dan", "secretword"),
)


async def draft(*material: Material, **changes: object) -> Draft:
    brief = Brief("this week", material=material, **changes)  # type: ignore[arg-type]
    return await Recap().draft(brief, SILENT)


async def test_what_several_people_wrote_of_is_named_and_counted() -> None:
    made = await draft(*TALK)
    assert made.title == "What we talked about: this week"
    assert "- **Tomatoes**, in 3 messages" in made.body
    assert "in 2 messages" in made.body
    assert "Most of it was in garden." in made.body
    assert made.score.is_good_enough


async def test_nobody_is_named_who_did_not_agree() -> None:
    made = await draft(*TALK)
    for word in ("bob", "Bob", "peter", "Peter", "cleo", "dan", "example.org", "555"):
        assert word not in made.text
    assert "ann wrote: “My tomatoes need water twice a day now, it is so hot.”" in (
        made.body
    )


async def test_what_one_person_alone_wrote_is_theirs() -> None:
    assert "secretword" not in (await draft(*TALK)).text
    with pytest.raises(DraftFailedError):
        await draft(*(one for one in TALK if one.source == "dan"))


async def test_quote_that_names_somebody_else_is_not_shown() -> None:
    talk = (
        says("ann", "The tomatoes that bob gave me are doing very well.", may=True),
        says("bob", "My tomatoes are doing well too."),
    )
    made = await draft(*talk)
    assert "wrote:" not in made.body
    assert "bob" not in made.text


async def test_name_that_many_write_is_no_theme() -> None:
    talk = (
        says("a1", "Miriam baked bread."),
        says("b1", "Thank you Miriam for bread."),
    )
    made = await draft(*talk)
    assert "Miriam" not in made.text
    assert "**Bread**" in made.body


async def test_shorter_names_fewer_themes() -> None:
    assert (await draft(*TALK, scale=0.3)).body.count("- **") == 1


async def test_chinese_talk_is_counted_by_pairs_of_characters() -> None:
    talk = (says("a1", "番茄要多浇水"), says("b1", "我家番茄红了"))
    made = await draft(*talk, language="zh")
    assert "**番茄**，共2条消息" in made.body
