"""The public suffixes: under which names, such as co.uk, domains are registered."""

from functools import lru_cache

from publicsuffixlist import PublicSuffixList

__all__ = ["public_suffixes"]


@lru_cache(maxsize=1)
def public_suffixes() -> PublicSuffixList:
    """Return the list, read the first time: that takes 0.1 s. It never changes."""
    return PublicSuffixList(accept_unknown=False)
