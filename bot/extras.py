"""Packages that are not always installed."""

from importlib.util import find_spec

from bot.errors import MissingError
from bot.words import T

__all__ = ["require_package"]


def require_package(package: str, *, extra: str) -> None:
    """Make sure that a package can be imported; `extra` is what brings it.

    Raises:
        MissingError: it is not here; says how to install it.
    """
    if find_spec(package) is None:
        raise MissingError(
            T(
                "The Python package {package} is not here. Install it with: "
                "python -m pip install 'hearthbot[{extra}]'",
                package=package,
                extra=extra,
            )
        )
