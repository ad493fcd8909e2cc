"""Answers to interactions: the first one, and what the token still allows."""

from tests.discord_server.api import Ask, Handler
from tests.discord_server.interactions import Answer, Interaction
from tests.discord_server.payloads import message_json
from tests.discord_server.refusals import Json, refuse
from tests.discord_server.routes.messages import remove

__all__ = ["ROUTES"]


async def acknowledge(ask: Ask) -> Json | None:
    found = await ask.api.interactions.acknowledge(
        ask.parts["interaction_id"], ask.parts["token"], ask.body
    )
    if ask.query.get("with_response") not in {"1", "true", "True"}:
        return None
    shown: Json = {"interaction": {"id": found.id, "type": int(found.what)}}
    has_message = found.answer in {Answer.MESSAGE, Answer.THINKING, Answer.UPDATE}
    if found.reply is not None and has_message:
        shown["interaction"] |= {
            "response_message_id": found.reply.id,
            "response_message_loading": found.reply.is_loading,
            "response_message_ephemeral": found.reply.is_ephemeral,
        }
        shown["resource"] = {
            "type": int(found.answer or 0),
            "message": message_json(found.reply, ask.api.world),
        }
    return shown


async def follow(ask: Ask) -> Json:
    found = _found(ask)
    message = await ask.api.interactions.follow(found, ask.body)
    return message_json(message, ask.api.world)


async def one(ask: Ask) -> Json:
    message = ask.api.interactions.message(_found(ask), _message_id(ask))
    return message_json(message, ask.api.world)


async def change(ask: Ask) -> Json:
    found = _found(ask)
    message = ask.api.interactions.message(found, _message_id(ask))
    await ask.api.interactions.edit(found, message, ask.body)
    return message_json(message, ask.api.world)


async def delete(ask: Ask) -> None:
    found = _found(ask)
    message = ask.api.interactions.message(found, _message_id(ask))
    remove(message.channel, message)
    await ask.api.feed.deleted(message.channel, [message.id])


def _message_id(ask: Ask) -> str:
    return ask.parts.get("message_id", "@original")


def _found(ask: Ask) -> Interaction:
    if ask.parts["application_id"] != ask.api.world.application_id:
        raise refuse(10015)
    return ask.api.interactions.by_token(ask.parts["token"])


_WEBHOOK = "/webhooks/{application_id}/{token}"
ROUTES: dict[str, Handler] = {
    "POST /interactions/{interaction_id}/{token}/callback": acknowledge,
    f"POST {_WEBHOOK}": follow,
    f"GET {_WEBHOOK}/messages/@original": one,
    f"PATCH {_WEBHOOK}/messages/@original": change,
    f"DELETE {_WEBHOOK}/messages/@original": delete,
    f"GET {_WEBHOOK}/messages/{{message_id}}": one,
    f"PATCH {_WEBHOOK}/messages/{{message_id}}": change,
    f"DELETE {_WEBHOOK}/messages/{{message_id}}": delete,
}
