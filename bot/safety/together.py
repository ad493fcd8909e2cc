"""Several questions at once."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

__all__ = ["all_of"]

Answer = TypeVar("Answer")


async def all_of(questions: Iterable[Coroutine[Any, Any, Answer]]) -> list[Answer]:
    """Return all answers, in order; once one fails, the others are not waited for.

    Raises what the first one that failed has raised.
    """
    asked = [asyncio.ensure_future(question) for question in questions]
    try:
        return await asyncio.gather(*asked)
    finally:
        for task in asked:
            task.cancel()
