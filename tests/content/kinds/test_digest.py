import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.meaning.fake import FakeMeanings
from bot.store.materials import Material
from content.drafting import Brief, Draft, DraftFailedError
from content.kinds.digest import Digest
from content.text_maker import FakeTextMaker
from content.traceable import NUMBER, untraced

WARES = ("book", "cheese", "flower", "music", "pottery", "stamp", "train", "wool")
SILENT = FakeTextMaker(lambda prompt, params: "")
PATH = Material(
    "New cycle path opens along the river",
    "https://news.example.org/path",
    "The town opened a new cycle path along the river on Monday. It is 4.2 kilometres "
    "long (the longest in the region) and leads to the station. Click here to "
    "subscribe to our newsletter.",
    "Town News",
)
HERON = Material(
    "Purple heron seen in the marsh",
    "https://www.birds.example.org/heron",
    "We were so excited! Bird watchers saw a purple heron in the marsh this week.",
)


async def draft(*material: Material, **changes: object) -> Draft:
    brief = Brief("the town", material=material, **changes)  # type: ignore[arg-type]
    return await Digest().draft(brief, SILENT)


async def test_each_item_has_headline_sentences_and_source() -> None:
    made = await draft(PATH, HERON)
    opening, first, second = made.body.split("\n\n")
    assert opening == "2 pieces of news, in the words of their sources."
    assert first == (
        "**New cycle path opens along the river**\n"
        "The town opened a new cycle path along the river on Monday. It is 4.2 "
        "kilometres long and leads to the station. (Town News)"
    )
    assert second.endswith("in the marsh this week. (birds.example.org)")
    assert [link.url for link in made.sources] == [PATH.url, HERON.url]
    assert made.sources[0].title == "Town News: New cycle path opens along the river"
    assert made.score.is_good_enough
    assert not SILENT.prompts


async def test_same_news_from_two_feeds_is_told_once() -> None:
    again = Material(
        "New cycle path along river opens",
        "https://other.example.org",
        "A new cycle path was opened along the river today.",
    )
    made = await draft(PATH, again)
    assert "One piece of news" in made.body
    assert len(made.sources) == 1


async def test_news_that_was_told_before_is_not_told_again() -> None:
    told = (await draft(PATH)).body
    made = await draft(PATH, HERON, earlier=(told,))
    assert "cycle path" not in made.body
    with pytest.raises(DraftFailedError):
        await draft(PATH, earlier=(told,))


async def test_same_news_in_other_words_is_told_once_where_meaning_is_known() -> None:
    again = Material(
        "Bicycle route beside the water opens new",
        "https://other.example.org",
        "Cyclists can use a way beside the water from now on.",
    )
    same = {"bicycle": "cycle", "route": "path", "beside": "along", "water": "river"}
    assert "2 pieces of news" in (await draft(PATH, again)).body
    made = await draft(PATH, again, meanings=FakeMeanings(same))
    assert "One piece of news" in made.body
    with pytest.raises(DraftFailedError):
        await draft(again, earlier=(made.body,), meanings=FakeMeanings(same))


async def test_score_says_that_claims_were_traced() -> None:
    (traced,) = [
        one for one in (await draft(PATH)).score.parts if one.name == "traceable"
    ]
    assert (traced.value, traced.reason) == (1.0, None)


async def test_entry_with_nothing_to_quote_is_left_out() -> None:
    for text in ("", "Read more.", "It also rained.", "As an AI model I cannot help."):
        with pytest.raises(DraftFailedError):
            await draft(Material("Rain in the town", "https://a.example.org", text))


async def test_markdown_of_an_entry_means_nothing() -> None:
    nasty = Material(
        "Council *votes* [here](https://bad.example.org) `now` || today",
        "https://a.example.org",
        "The *council* votes on the ||new|| bridge [over the river](x) this week.",
    )
    made = await draft(nasty)
    item = made.body.split("\n\n")[1]
    assert not set("[]`|") & set(item)
    assert item.count("*") == 4


async def test_longer_has_more_items() -> None:
    many = [
        Material(f"{word} fair opens", "", f"The {word} fair opens in the old hall.")
        for word in WARES
    ]
    numbers = [
        (await draft(*many, scale=scale)).body.count("\n**") for scale in (0.5, 1, 1.5)
    ]
    assert numbers == [2, 5, 8]


@given(
    st.lists(
        st.sampled_from(
            [
                "The mayor opened 3 schools on Monday.",
                "Anna Weber spoke for 20 minutes (too long, said some).",
                "It cost 4.5 million euros in 2019.",
                "Our newsletter brings you more.",
                "Trains run again between Ulm and Bern!",
            ]
        ),
        min_size=1,
        max_size=6,
    )
)
async def test_digest_has_no_number_or_name_that_its_source_lacks(
    texts: list[str],
) -> None:
    source = Material("Mayor opens schools", "", " ".join(texts))
    try:
        made = await draft(source)
    except DraftFailedError:
        return
    quoted = made.body.split("\n\n")[1].split("\n")[1]
    assert await untraced(quoted, source.text, title=source.title) == ()
    assert set(NUMBER.findall(quoted)) <= set(NUMBER.findall(source.text))
