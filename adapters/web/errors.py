"""The page's own errors as those of a platform."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import PlatformError, StoreError

__all__ = ["as_platform_errors"]


@contextmanager
def as_platform_errors() -> Iterator[None]:
    """Raise a StoreError as the PlatformError that callers of an adapter expect."""
    try:
        yield
    except StoreError as error:
        raise PlatformError(error.text) from error
