"""What every adapter does with a post that is out: changes it and takes it away."""

from dataclasses import replace

import pytest

from adapters.fake.driver import AdapterDriver
from bot.errors import GoneError
from bot.messages import Attachment, Channel
from bot.publication import Link, Publication, Published
from tests.telegram_server.senders import small_picture

SHORT = Publication("p7", "Foxes", "They hunt mice.", byline="Written by AI")
COVER = Attachment("cover.png", "image/png", small_picture(40, 30, "PNG"))
OTHER_COVER = Attachment("cover.png", "image/png", small_picture(60, 30, "PNG"))


def long_body(mark: str, num_words: int) -> str:
    return " ".join(f"{mark}{number}" for number in range(num_words))


LONG = replace(SHORT, title="Owls", body=long_body("owl", 700))
LONGER = replace(SHORT, title="Hares", body=long_body("hare", 1500))


async def published(
    driver: AdapterDriver, publication: Publication
) -> tuple[Channel, Published]:
    channel = driver.adapter.channel(driver.channel_ids[0])
    return channel, await driver.adapter.publish(channel, publication, nonce="n1")


def words_of(text: str, mark: str) -> list[str]:
    return [word for word in text.split() if word.startswith(mark)]


async def test_every_message_of_a_post_is_named_once(driver: AdapterDriver) -> None:
    _, whole = await published(driver, replace(LONG, picture=COVER))
    assert whole.message_id
    assert len(whole.all_ids) == len(set(whole.all_ids)) >= 1
    assert whole.picture_message_id in whole.all_ids


@pytest.mark.parametrize("picture", [None, COVER], ids=["bare", "with a picture"])
async def test_post_becomes_longer_and_shorter_and_is_taken_away(
    driver: AdapterDriver, picture: Attachment | None
) -> None:
    channel, first = await published(driver, replace(SHORT, picture=picture))
    await driver.read(lambda text: "mice" in text)
    other = OTHER_COVER if picture else None
    second = await driver.adapter.revise(
        channel, first, replace(LONGER, picture=other), nonce="n2"
    )
    wanted = LONGER.body.split()
    text = await driver.read(lambda text: "hare1499" in text)
    assert words_of(text, "hare") == wanted
    third = await driver.adapter.revise(
        channel, second, replace(LONG, picture=picture), nonce="n3"
    )
    text = await driver.read(lambda text: "owl699" in text)
    assert words_of(text, "owl") == LONG.body.split()
    fourth = await driver.adapter.revise(
        channel, third, replace(SHORT, picture=picture), nonce="n4"
    )
    text = await driver.read(lambda text: "mice" in text)
    assert first.message_id == second.message_id == third.message_id
    assert first.message_id == fourth.message_id
    if driver.adapter.can_edit:
        assert "hare" not in text
        assert "owl" not in text
        await driver.adapter.retract(channel, fourth)
        assert "mice" not in await driver.shown(channel_id=driver.channel_ids[0])


async def test_change_that_is_repeated_adds_nothing_twice(
    driver: AdapterDriver,
) -> None:
    channel, first = await published(driver, SHORT)
    once = await driver.adapter.revise(channel, first, LONGER, nonce="n2")
    assert await driver.adapter.revise(channel, first, LONGER, nonce="n2") == once
    text = await driver.read(lambda text: "hare1499" in text)
    assert words_of(text, "hare") == LONGER.body.split()


async def test_what_is_there_already_can_be_taken_away_only_once(
    driver: AdapterDriver,
) -> None:
    links = (Link("A book", "https://example.org/book"),)
    channel, whole = await published(driver, replace(LONG, sources=links))
    for _ in range(2):
        await driver.adapter.retract(channel, whole)
    if not driver.adapter.can_edit:
        return  # what was printed stays there; it is said once that it is void
    assert "owl" not in await driver.shown(channel_id=driver.channel_ids[0])
    with pytest.raises(GoneError):
        await driver.adapter.revise(channel, whole, SHORT, nonce="n2")
