"""Settings that last as long as a test."""

__all__ = ["FakeSettings"]


class FakeSettings:
    """A `SettingsStore` in memory.

    Attributes:
        values: what is set, by key and name.
    """

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str] = {}

    async def get(self, key: str, name: str) -> str | None:
        """Return a value, None where nothing was set."""
        return self.values.get((key, name))

    async def set(self, key: str, name: str, value: str) -> None:
        """Keep a value."""
        self.values[key, name] = value

    async def all(self, key: str) -> dict[str, str]:
        """Return what is set for a key, by name."""
        found = self.values.items()
        return {name: value for (whose, name), value in found if whose == key}
