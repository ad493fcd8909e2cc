"""Playing the people of a running server over HTTP, by hand or from a script.

    curl -s ADDRESS/play                                   who and what is there
    curl -s ADDRESS/play/look -d chat=Friends              what can be seen in a chat
    curl -s ADDRESS/play/write -d who=Ada -d chat=Friends -d text='Hello all'
    curl -s ADDRESS/play/press -d who=Ada -d chat=Ada -d message=7 -d label=Stop

A private chat has the name of its person. `write` takes `reply_to` and `topic`;
`edit`, `delete`, `react` and `vote` take `message`, and `text`, `emoji` or `answer`.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.telegram_server.chats import Chat
from tests.telegram_server.messages import Message
from tests.telegram_server.people import NotAllowedError
from tests.telegram_server.server import Person, TelegramServer

__all__ = ["Control"]

Fields = dict[str, str]
Play = Callable[[Fields], Awaitable[Any]]


class Control:
    """The routes below `/play`, for one server that is set once it is made."""

    server: TelegramServer

    def routes(self) -> list[web.RouteDef]:
        """Return the routes to give to the server."""
        return [
            web.get("/play", self._all),
            web.post("/play/{verb}", self._play),
        ]

    async def _all(self, request: web.Request) -> web.Response:
        world = self.server.world
        people = [a.first_name for a in world.accounts.values() if not a.is_bot]
        chats = [
            {"id": c.id, "type": c.type, "name": self._name(c)}
            for c in (*world.private.values(), *world.chats.values())
        ]
        return web.json_response({"people": people, "chats": chats})

    async def _play(self, request: web.Request) -> web.Response:
        fields = {key: str(value) for key, value in (await request.post()).items()}
        verbs: dict[str, Play] = {
            "look": self._look,
            "write": self._write,
            "edit": self._edit,
            "delete": self._delete,
            "press": self._press,
            "react": self._react,
            "vote": self._vote,
            "photo": self._photo,
            "voice": self._voice,
        }
        verb = verbs.get(request.match_info["verb"])
        if verb is None:
            return _wrong(f"there are only {', '.join(verbs)}", 404)
        try:
            return web.json_response(await verb(fields))
        except KeyError as error:
            return _wrong(f"{error.args[0]} is missing, or there is no such one")
        except (LookupError, ValueError, NotAllowedError) as error:
            return _wrong(f"{type(error).__name__}: {error}")

    def _name(self, chat: Chat) -> str:
        return chat.person.first_name if chat.person is not None else chat.title

    def _chat(self, fields: Fields) -> Chat:
        world = self.server.world
        for chat in (*world.private.values(), *world.chats.values()):
            if fields["chat"] in (self._name(chat), str(chat.id)):
                return chat
        raise LookupError(f"no chat {fields['chat']}")

    def _who(self, fields: Fields) -> Person:
        for account in self.server.world.accounts.values():
            if isinstance(account, Person) and account.first_name == fields["who"]:
                return account
        raise LookupError(f"nobody is called {fields['who']}")

    def _message(self, fields: Fields, name: str = "message") -> Message:
        message = self._chat(fields).find(int(fields[name]))
        if message is None:
            raise LookupError(f"no message {fields[name]}")
        return message

    def _shown(self, message: Message) -> dict[str, Any]:
        shown = self.server.world.message_json(message)
        kept = ("message_id", "message_thread_id", "text", "caption", "entities")
        writer = message.author.first_name if message.author else ""
        brief = {key: shown[key] for key in kept if key in shown}
        brief |= {"from": writer, "buttons": message.labels}
        if message.media is not None:
            brief["media"] = message.media.kind
        return brief

    async def _look(self, fields: Fields) -> Any:
        chat = self._chat(fields)
        return {
            "messages": [self._shown(message) for message in chat.messages],
            "actions": [action for action, _ in chat.actions],
            "draft": chat.drafts[-1].text if chat.drafts else None,
        }

    async def _write(self, fields: Fields) -> Any:
        answered = self._message(fields, "reply_to") if "reply_to" in fields else None
        topic = int(fields["topic"]) if "topic" in fields else None
        return self._shown(
            await self._who(fields).write(
                self._chat(fields), fields["text"], reply_to=answered, topic=topic
            )
        )

    async def _edit(self, fields: Fields) -> Any:
        message = self._message(fields)
        await self._who(fields).edit(message, fields["text"])
        return self._shown(message)

    async def _delete(self, fields: Fields) -> Any:
        await self._who(fields).delete(self._message(fields))
        return True

    async def _press(self, fields: Fields) -> Any:
        press = await self._who(fields).press(self._message(fields), fields["label"])
        return {"query": press.id, "url": press.url}

    async def _react(self, fields: Fields) -> Any:
        await self._who(fields).react(self._message(fields), fields["emoji"])
        return True

    async def _vote(self, fields: Fields) -> Any:
        await self._who(fields).vote(self._message(fields), int(fields["answer"]))
        return True

    async def _photo(self, fields: Fields) -> Any:
        who, caption = self._who(fields), fields.get("text", "")
        return self._shown(await who.send_photo(self._chat(fields), caption=caption))

    async def _voice(self, fields: Fields) -> Any:
        return self._shown(await self._who(fields).send_voice(self._chat(fields)))


def _wrong(reason: str, status: int = 400) -> web.Response:
    return web.json_response({"error": reason}, status=status)
