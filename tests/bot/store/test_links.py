"""Links: with a code, for ten minutes, by hash."""

import pytest
from sqlite_utils import Database

from bot.clock import FakeClock
from bot.identities import Account
from bot.store.audit import AuditRepository
from bot.store.links import MAX_ACCOUNTS, MAX_TRIES, LinkRepository, Refused
from bot.store.people import PersonRepository
from bot.store.store import Store

CODE = "ABCDEFGH"


def account(name: str, platform: str = "fake") -> Account:
    return Account(platform, name.lower(), name, "dm")


ADA, ADA_2, ADA_3 = account("Ada"), account("Ada", "other"), account("Ada3")
BEN = account("Ben")


@pytest.fixture
def links(store: Store) -> LinkRepository:
    return LinkRepository(store)


async def link(links: LinkRepository, one: Account, other: Account) -> None:
    code = f"{one.name}{other.name}"
    await links.offer(one, code)
    assert await links.take(other, code) == one
    assert await links.confirm(other) == one


async def test_a_wrong_code_links_nothing_and_after_five_even_a_right_one_waits(
    links: LinkRepository, clock: FakeClock
) -> None:
    for _ in range(MAX_TRIES):
        assert await links.take(BEN, "WRONG") is Refused.UNKNOWN
    await links.offer(ADA, CODE)
    assert await links.take(BEN, CODE) is Refused.TOO_MANY_TRIES
    assert await links.take(ADA_2, CODE) == ADA  # others need not wait
    await links.decline(ADA_2)
    await clock.advance(3600)
    await links.offer(ADA, CODE)
    assert await links.take(BEN, CODE) == ADA


async def test_a_code_is_good_for_ten_minutes_and_one_account(
    links: LinkRepository, clock: FakeClock
) -> None:
    await links.offer(ADA, CODE)
    assert await links.take(ADA, CODE) is Refused.OWN
    assert await links.take(ADA_2, CODE) == ADA
    assert await links.take(BEN, CODE) is Refused.UNKNOWN
    assert await links.confirm(BEN) is Refused.UNKNOWN
    await clock.advance(600)
    assert await links.confirm(ADA_2) is Refused.UNKNOWN
    assert await links.identities("fake", "ada") == (("fake", "ada"),)


async def test_a_newer_code_ends_the_one_before(links: LinkRepository) -> None:
    await links.offer(ADA, CODE)
    await links.offer(ADA, "SECOND")
    assert await links.take(ADA_2, CODE) is Refused.UNKNOWN
    assert await links.take(ADA_2, "SECOND") == ADA


async def test_a_code_that_was_declined_or_used_is_good_no_more(
    links: LinkRepository,
) -> None:
    await links.offer(ADA, CODE)
    await links.take(ADA_2, CODE)
    await links.decline(ADA_2)
    assert await links.confirm(ADA_2) is Refused.UNKNOWN
    await link(links, ADA, ADA_2)
    assert await links.take(BEN, "AdaAda") is Refused.UNKNOWN


async def test_the_code_itself_is_never_in_the_store(
    links: LinkRepository, store: Store
) -> None:
    await links.offer(ADA, CODE)

    def everything(db: Database) -> str:
        return repr([list(table.rows) for table in db.tables])

    assert CODE not in await store.read(everything)


async def test_linked_accounts_are_one_person_under_the_first(
    links: LinkRepository, store: Store
) -> None:
    await link(links, ADA, ADA_2)
    await link(links, ADA_2, ADA_3)
    everybody = (ADA.identity, ADA_2.identity, ADA_3.identity)
    for one in everybody:
        assert await links.identities(*one) == everybody
        assert (await links.identities(*one))[0] == ADA.identity
    assert await links.identities("fake", "ben") == (BEN.identity,)
    await links.offer(ADA, CODE)
    assert await links.take(ADA_3, CODE) is Refused.OWN
    rows = await AuditRepository(store).latest(1)
    assert rows[-1].entry.what == "link.made"
    assert rows[-1].entry.subject == "fake:ada3 fake:ada other:ada"


async def test_who_unlinks_stands_alone_and_what_they_link_later_is_another_person(
    links: LinkRepository,
) -> None:
    await link(links, ADA, ADA_2)
    await link(links, ADA, ADA_3)
    assert await links.unlink(ADA) == (ADA_2, ADA_3)
    assert await links.identities("fake", "ada") == (ADA.identity,)
    await link(links, ADA, BEN)
    assert await links.identities("fake", "ada") == (ADA.identity, BEN.identity)
    assert await links.identities(*ADA_2.identity) == (ADA_2.identity, ADA_3.identity)
    assert await links.unlink(BEN) == (ADA,)
    assert await links.accounts("fake", "ada") == ()
    assert await links.unlink(ADA) == ()


async def test_a_person_has_a_few_accounts_and_not_a_hundred(
    links: LinkRepository,
) -> None:
    for number in range(1, MAX_ACCOUNTS):
        await link(links, ADA, account(f"A{number}"))
    await links.offer(ADA, CODE)
    assert await links.take(BEN, CODE) is Refused.FULL


async def test_who_is_forgotten_is_linked_no_more(
    links: LinkRepository, store: Store
) -> None:
    await link(links, ADA, ADA_2)
    await links.offer(ADA, CODE)
    await PersonRepository(store).forget("fake", "ada")
    assert await links.identities(*ADA_2.identity) == (ADA_2.identity,)
    assert await links.take(BEN, CODE) is Refused.UNKNOWN
