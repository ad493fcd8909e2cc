"""Looking at what Telegram needs, without asking it."""

import re
from collections.abc import Iterator, Mapping

from bot.config import Config
from bot.config_file import secret
from bot.doctor.check import Check, State
from bot.words import T

__all__ = ["check_telegram"]

TOKEN = re.compile(r"\d{3,}:[\w-]{30,}")


def check_telegram(config: Config, environ: Mapping[str, str]) -> Iterator[Check]:
    """Look whether the bot's token is there and formed like one, if it is enabled."""
    ours = config.adapters.telegram
    if not ours.enabled:
        return
    name = ours.token_env or "token_env"
    token = secret(environ, ours.token_env)
    if token is None:
        yield Check(
            "telegram",
            State.FAIL,
            T("{name} is not set, but [adapters.telegram] is enabled", name=name),
            T("Put the token that @BotFather gave you into {name}.", name=name),
        )
    elif not TOKEN.fullmatch(token):
        yield Check(
            "telegram",
            State.FAIL,
            T("What is in {name} is no token of a Telegram bot", name=name),
            T("Copy it again from @BotFather: /mybots, API Token."),
        )
    else:
        yield Check("telegram", State.OK, T("{name} is set", name=name))
    if ours.webhook_url and not ours.webhook_url.startswith("https://"):
        yield Check(
            "telegram",
            State.WARN,
            T("webhook_url does not begin with https://: Telegram refuses that"),
            T("Put a server with a certificate before it, or empty webhook_url."),
        )
