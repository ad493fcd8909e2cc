import pytest

from bot.meaning.fake import FakeMeanings
from bot.meaning.meanings import NO_MEANINGS
from content.traceable import untraced

TITLE = "Cycle path opens"
SOURCE = (
    "The town opened a cycle path along the river on Monday. It is 4.2 kilometres "
    "long. Anna Weber, the mayor, rode it first. The fair on the market place was "
    "quiet. A bridge will follow in 2031, and costs 3 million euros."
)
SAME = {"route": "path", "inaugurated": "opened", "bikes": "cycle", "city": "town"}


@pytest.mark.parametrize(
    "claim",
    [
        "The town opened a cycle path along the river on Monday.",
        "The cycle path is 4.2 kilometres long.",
        "The mayor, Anna Weber, rode it first.",
        "A bridge will follow in 2031.",
    ],
)
async def test_claim_of_the_source_is_traced(claim: str) -> None:
    for meanings in (NO_MEANINGS, FakeMeanings()):
        assert await untraced(claim, SOURCE, title=TITLE, meanings=meanings) == ()


@pytest.mark.parametrize(
    "claim",
    [
        "The town opened a cycle path along the river on Tuesday.",
        "The town opened 2 cycle paths along the river.",
        "The cycle path along the river costs 3 million euros.",  # the bridge does
        "Peter Weber, the mayor, rode it first.",
        "The town closed its swimming pool for good.",
    ],
)
async def test_invented_or_mixed_claim_is_found(claim: str) -> None:
    text = f"The town opened a cycle path along the river. {claim}"
    for meanings in (NO_MEANINGS, FakeMeanings()):
        found = await untraced(text, SOURCE, title=TITLE, meanings=meanings)
        assert found == (claim,)


async def test_claim_in_other_words_is_traced_only_by_meaning() -> None:
    claim = "The city inaugurated a bikes route along the river on Monday."
    assert await untraced(claim, SOURCE) == (claim,)
    assert await untraced(claim, SOURCE, meanings=FakeMeanings(SAME)) == ()
    claim = claim.replace("Monday", "Friday")
    assert await untraced(claim, SOURCE, meanings=FakeMeanings(SAME)) == (claim,)


async def test_chinese_claims_are_traced_by_words() -> None:
    source = "雨后的公园很安静。孩子们在水洼边玩耍。"
    meanings = FakeMeanings()
    kept = await untraced(
        "雨后的公园很安静。", source, language="zh", meanings=meanings
    )
    strange = await untraced(
        "老虎在桥上唱歌。", source, language="zh", meanings=meanings
    )
    assert (kept, strange) == ((), ("老虎在桥上唱歌。",))
    assert not meanings.asked
