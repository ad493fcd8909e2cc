"""`hearthbot ask`: one question through the whole pipeline."""

import asyncio
from dataclasses import replace

from adapters.fake.adapter import FAKE_LIMITS, FakeAdapter
from bot.adapter import Adapter
from bot.app import App, open_app
from bot.errors import GenerationError, UserError
from bot.messages import Author, Channel, Message, Role
from bot.safety.verdict import Action
from bot.setup import Setup, aside
from bot.store.judgements import JudgementRepository
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
        UserError: a filter refused the question or the answer; its text is what the
            person is told.
    """
    await asyncio.to_thread(fetch_missing, setup)
    with aside(setup) as passing, setup.terminal.waiting(T("Thinking …")):
        async with open_app(passing, ["fake"], adapters={"fake": _platform}) as app:
            # A model that cannot be loaded is told as such, not as a failed answer.
            await app.engine.load(app.setup.config.models.chat.model)
            message, answer = await _ask(app, question)
            await app.responder.idle()
            is_refused = await _is_refused(app, message)
            traces = await TraceRepository(app.store).recent(limit=1)
    trace = traces[0] if traces else None
    if trace is not None and trace.error_id is not None:
        raise GenerationError(Text(answer))
    if is_refused:
        raise UserError(Text(answer))
    if not as_json:
        setup.terminal.result(answer)
        return
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


async def _ask(app: App, question: str) -> tuple[Message, str]:
    platform = app.adapters["fake"]
    if not isinstance(platform, FakeAdapter):
        raise TypeError("questions are asked on the fake platform")
    private = platform.add_channel(Channel("fake", "ask", "ask", is_private=True))
    owner = Author("owner", "Owner", Role.OWNER)
    message = platform.say(owner, question, channel=private.id)
    deadline_s = app.setup.config.engine.chat_deadline_s
    answer = await platform.answered(message, timeout_s=deadline_s + 60)
    return message, answer.text


async def _is_refused(app: App, message: Message) -> bool:
    """Return whether a filter blocked the question or its answer."""
    judged = await JudgementRepository(app.store).of_message(
        message.id, message.channel
    )
    return any(one.has_acted and one.found.action is Action.BLOCK for one in judged)
