"""Settings that are known without asking the store, and asked for again when told."""

import asyncio

from bot.known_settings import KnownSettings


class Store:
    """Settings that count how often they are asked, and can be slow."""

    def __init__(self) -> None:
        self.value: str | None = "old"
        self.num_reads = 0
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def get(self, key: str, name: str) -> str | None:
        self.num_reads += 1
        value = self.value
        await self.may_answer.wait()
        return value

    async def set(self, key: str, name: str, value: str) -> None:
        self.value = value


async def test_a_value_is_read_once_and_known_when_set() -> None:
    store = Store()
    known = KnownSettings(store)
    assert [await known.get("k", "n") for _ in range(3)] == ["old"] * 3
    await known.set("k", "n", "new")
    assert await known.get("k", "n") == "new"
    assert (store.value, store.num_reads) == ("new", 1)


async def test_what_changed_elsewhere_counts_from_when_it_is_told() -> None:
    store = Store()
    known = KnownSettings(store)
    await known.get("k", "n")
    store.value = "elsewhere"
    known.forget()
    assert await known.get("k", "n") == "elsewhere"


async def test_what_was_read_before_a_change_is_not_taken_for_true() -> None:
    store = Store()
    known = KnownSettings(store)
    store.may_answer.clear()
    reading = asyncio.create_task(known.get("k", "n"))
    await asyncio.sleep(0)
    store.value = "elsewhere"
    known.forget()
    store.may_answer.set()
    async with asyncio.timeout(5):
        await reading
    assert await known.get("k", "n") == "elsewhere"
