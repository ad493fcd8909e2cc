"""Start the server by hand: python -m tests.telegram_server --port 8081."""

import argparse
import asyncio
import sys
from functools import partial

from tests.telegram_server.calls import Call
from tests.telegram_server.control import Control
from tests.telegram_server.server import TelegramServer
from tests.telegram_server.settings import FloodLimits, Settings

HELP = """\
A small Telegram listens on {url}

  token          {token}
  base_url       {base_url}
  base_file_url  {base_file_url}

Ada and Bo talk to the bot in private (chats "Ada" and "Bo"), in the group "Friends",
in "Village", which has topics, and in the channel "News".

  curl -s {base_url}{token}/getMe
  curl -s {url}/play
  curl -s {url}/play/write -d who=Ada -d chat=Ada -d text=Hello
  curl -s {url}/play/look -d chat=Ada
  curl -s {url}/play/press -d who=Ada -d chat=Ada -d message=2 -d label=Stop
  curl -s {url}/play/edit -d who=Ada -d chat=Ada -d message=1 -d text=Goodbye
  curl -s {url}/play/delete -d who=Ada -d chat=Ada -d message=1

Every call of the bot is shown below. Ctrl+C ends it.
"""


async def people_it(server: TelegramServer) -> None:
    """Put people and chats on the server, so that there is somebody to play."""
    ada, bo = server.user("Ada", username="ada"), server.user("Bo")
    server.private(ada)
    server.private(bo)
    group = server.group("Friends", bo, owner=ada)
    village = server.supergroup("Village", bo, owner=ada, is_forum=True)
    await ada.promote(village, server.bot)
    await ada.open_topic(village, "Gardens")
    server.channel("News", bo, owner=ada, username="village_news")
    await ada.write(group, "Here we are.")


async def show_calls(server: TelegramServer) -> None:
    """Write a line for each call that was answered, except for empty polls."""
    shown: list[Call] = []
    while True:
        await server.world.until(partial(_has_more, server, len(shown)))
        ended = [call for call in server.calls if call.status and call not in shown]
        for call in ended:
            if call.method != "getUpdates" or call.result or call.description:
                line = f"{call.method} {call.status} {call.description}".strip()
                sys.stdout.write(f"  {line} {call.parameters}\n")
        sys.stdout.flush()
        shown += ended


def _has_more(server: TelegramServer, num_shown: int) -> bool:
    return sum(bool(call.status) for call in server.calls) > num_shown


async def serve(port: int, *, privacy: bool, floods: bool) -> None:
    """Run until interrupted."""
    control = Control()
    limits = Settings(flood=FloodLimits() if floods else None)
    server = TelegramServer(settings=limits, port=port, routes=control.routes())
    control.server = server
    server.bot.privacy = privacy
    await people_it(server)
    async with server:
        text = HELP.format(
            url=server.url,
            token=server.token,
            base_url=server.base_url,
            base_file_url=server.base_file_url,
        )
        sys.stdout.write(text)
        sys.stdout.flush()
        await show_calls(server)


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.telegram_server")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument(
        "--no-privacy", action="store_true", help="the bot reads all in groups"
    )
    parser.add_argument("--flood", action="store_true", help="ask to wait, as Telegram")
    options = parser.parse_args()
    try:
        asyncio.run(
            serve(options.port, privacy=not options.no_privacy, floods=options.flood)
        )
    except KeyboardInterrupt:
        sys.stdout.write("Gone.\n")


if __name__ == "__main__":
    main()
