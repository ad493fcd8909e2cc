import asyncio

import pytest

from content.grammar import grammar_part

CLEAN = "Water your tomatoes in the morning. The soil is cool then, and it stays wet."


async def test_clean_text_has_no_faults() -> None:
    part = await grammar_part(CLEAN, "en-GB")
    assert part is not None
    assert (part.value, part.reason) == (1.0, None)


@pytest.mark.parametrize(
    "text",
    [
        "He go to the garden every day.",
        "She has ate the apple.",
        "It's tail is long.",
        "The the soil is cool.",
    ],
)
async def test_fault_is_found(text: str) -> None:
    part = await grammar_part(text, "en")
    assert part is not None
    assert part.value < 1
    assert part.reason is not None


@pytest.mark.parametrize(
    "text",
    [
        "Mina and Tobi met Oskar in the harbour of Ulm.",
        "The neighbour's favourite colour is grey.",
        "He grows herbs on a window sill for somebody new.",
    ],
)
async def test_names_and_british_words_are_no_faults(text: str) -> None:
    part = await grammar_part(text, "en")
    assert part is not None
    assert part.value == 1.0


@pytest.mark.xfail(reason="verbs after nouns are not checked", strict=True)
@pytest.mark.parametrize("text", ["Cats loves boxes.", "The box make a good house."])
async def test_verb_that_does_not_fit_its_noun_is_found(text: str) -> None:
    part = await grammar_part(text, "en")
    assert part is not None
    assert part.value < 1


async def test_many_at_once_are_checked_one_after_the_other() -> None:
    parts = await asyncio.gather(*(grammar_part(CLEAN * 20, "en") for _ in range(16)))
    assert all(part is not None and part.value == 1.0 for part in parts)


@pytest.mark.parametrize(
    ("text", "language"), [(CLEAN, "de"), ("水", "zh"), ("", "en")]
)
async def test_what_cannot_be_checked_has_no_part(text: str, language: str) -> None:
    assert await grammar_part(text, language) is None
