"""`hearthbot ask`: one question through the whole pipeline."""

import asyncio
from dataclasses import replace

from adapters.fake.adapter import FAKE_LIMITS, FakeAdapter
from bot.adapter import Adapter
from bot.app import App, open_app
from bot.errors import GenerationError
from bot.messages import Author, Channel, Role
from bot.setup import Setup, aside
from bot.store.traces import TraceRepository
from bot.terminal.run import fetch_missing
from bot.words import T, Text

__all__ = ["ask_bot"]


async def ask_bot(setup: Setup, question: str, *, as_json: bool) -> None:
    """Print the answer.

    The bot's own store is left alone, so that this works while the bot runs.

    Raises:
        MissingError: the model is not here, or cannot be loaded.
        GenerationError: there was no answer; the text says why.
    """
    await asyncio.to_thread(fetch_missing, setup)
    with aside(setup) as passing, setup.terminal.waiting(T("Thinking …")):
        async with open_app(passing, ["fake"], adapters={"fake": _platform}) as app:
            # A model that cannot be loaded is told as such, not as a failed answer.
            await app.engine.load(app.setup.config.models.chat.model)
            answer = await _answer(app, question)
            await app.responder.idle()
            traces = await TraceRepository(app.store).recent(limit=1)
    if traces and traces[0].error_id is not None:
        raise GenerationError(Text(answer))
    if not as_json:
        setup.terminal.result(answer)
        return
    trace = traces[0] if traces else None
    setup.terminal.json(
        {
            "question": question,
            "answer": answer,
            "model": trace.model if trace else None,
            "prompt_tokens": trace.prompt_tokens if trace else None,
            "completion_tokens": trace.completion_tokens if trace else None,
            "first_piece_ms": trace.first_piece_ms if trace else None,
            "duration_ms": trace.duration_ms if trace else None,
        }
    )


def _platform(app: App) -> Adapter:
    # Nobody reads along: no pauses between edits.
    limits = replace(FAKE_LIMITS, edit_interval_s=0.0)
    return FakeAdapter(app.responder, clock=app.clock, limits=limits)


async def _answer(app: App, question: str) -> str:
    platform = app.adapters["fake"]
    if not isinstance(platform, FakeAdapter):
        raise TypeError("questions are asked on the fake platform")
    private = platform.add_channel(Channel("fake", "ask", "ask", is_private=True))
    owner = Author("owner", "Owner", Role.OWNER)
    message = platform.say(owner, question, channel=private.id)
    deadline_s = app.setup.config.engine.chat_deadline_s
    return (await platform.answered(message, timeout_s=deadline_s + 60)).text
