from bot.publication import Link
from bot.store.materials import Material, MaterialRepository, StoredMaterial
from bot.store.store import Store


async def test_post_without_material_has_an_empty_one(store: Store) -> None:
    assert await MaterialRepository(store).get("p") == StoredMaterial()


async def test_material_comes_back_and_is_replaced(store: Store) -> None:
    materials = MaterialRepository(store)
    items = (
        Material("新闻", "https://a.example/", "It rained.", "ann", may_be_named=True),
    )
    links = (Link("A “title”", "https://a.example/?b=c"),)
    first = StoredMaterial("text", links, items)
    await materials.put("p", first)
    await materials.put("q", StoredMaterial("other"))
    assert await materials.get("p") == first
    await materials.put("p", StoredMaterial("new"))
    assert await materials.get("p") == StoredMaterial("new")
    assert await materials.get("q") == StoredMaterial("other")
