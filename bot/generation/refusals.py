"""What the engine tells people whose request it cannot carry out."""

from bot.errors import BackendGoneError, DeadlineError, MissingError, OverloadedError
from bot.words import T

__all__ = ["gone", "late", "shutting_down", "unknown_model"]


def gone() -> BackendGoneError:
    """Return what is said when the worker has died."""
    return BackendGoneError(
        T("My writing has just broken off. I am starting again; please ask once more.")
    )


def late() -> DeadlineError:
    """Return what is said when a deadline has passed."""
    return DeadlineError(T("That took too long. Please try again later."))


def shutting_down() -> OverloadedError:
    """Return what is said while the bot ends."""
    return OverloadedError(
        T("I am just being shut down. Please ask again when I am back.")
    )


def unknown_model(name: str) -> MissingError:
    """Return what is said of a model that was never configured."""
    return MissingError(
        T("There is no model called {name}. See `hearthbot models list`.", name=name)
    )
