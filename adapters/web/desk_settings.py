"""The settings of communities at the desk, and the settings file to read."""

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.web.desk_door import DeskDoor, DeskVisit
from adapters.web.desk_parts import DeskParts
from adapters.web.desk_places import DeskPlaces, community_place
from adapters.web.desk_post import picture_row
from adapters.web.desk_settings_texts import SETTINGS_TEXTS
from adapters.web.desk_steering import Steering
from adapters.web.headers import STRICT_POLICY
from adapters.web.requests import read_json
from bot.errors import GoneError, UserError
from bot.messages import Channel, Role
from bot.pause import Output, load_pauses
from bot.pauses import PAUSE
from bot.preferences import LANGUAGE, MODEL, PERSONA, TALK, Talk, community_key
from bot.safety.policy import Level
from bot.store.settings import SettingsRepository
from bot.words import T
from content.content import Content

__all__ = ["SETTINGS_TEXTS", "SettingsPage", "settings_routes"]

DEFAULT, ON, OFF = "default", "on", "off"
OF_CHANNELS = ("talk", "persona", "redraw", "model")


def settings_routes(content: Content, door: DeskDoor) -> list[Route]:
    """Return what the page of the settings asks."""
    page = SettingsPage(
        content,
        door.parts,
        DeskPlaces(content, door.board.access.rooms),
        SettingsRepository(content.store),
        Steering(door.parts.registry, door.visits.words),
    )
    return [
        door.route("/desk/api/settings", page.read),
        door.route("/desk/api/settings", page.change, method="POST"),
        door.route("/desk/api/settings/faces/{community}/{channel}", page.face),
        door.route("/desk/api/settings/file", page.file, role=Role.OWNER),
    ]


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """Answers what the page asks."""

    content: Content
    parts: DeskParts
    places: DeskPlaces
    settings: SettingsRepository
    steering: Steering

    async def read(self, request: Request, visit: DeskVisit) -> Response:
        """Return what counts in a community, and what one may choose."""
        communities = await self.places.communities(visit)
        community = request.query_params.get("community") or communities[0]
        self.places.check(visit, community)
        place, policies = community_place(community), self.parts.policies
        choice = await policies.choice(place, is_for_community=True)
        policy = await policies.policy(place)
        kept = await self.settings.all(community)
        channels = await self.places.channels(community)
        return JSONResponse(
            {
                "communities": communities,
                "community": community,
                "language": kept.get(LANGUAGE, ""),
                "moderators": await self.parts.preferences.moderator_channel(community),
                "level": choice.level or DEFAULT,
                "level_now": policy.level.value,
                "shadow": {None: DEFAULT, True: ON, False: OFF}[choice.is_shadow],
                "pauses": self._pauses(kept.get(PAUSE)),
                "channels": [await self._channel(one) for one in channels],
                "choices": {
                    "language": self.parts.preferences.languages,
                    "level": (DEFAULT, *Level),
                    "shadow": (DEFAULT, ON, OFF),
                    "talk": tuple(Talk),
                    "persona": await self.parts.preferences.personas.names(community),
                    "model": self.parts.preferences.models,
                    "pause": tuple(Output),
                },
                "owner": visit.author.role is Role.OWNER,
                "draws": self.parts.avatars.can_draw,
            }
        )

    async def change(self, request: Request, visit: DeskVisit) -> Response:
        """Change one setting by its command; return what the command says."""
        asked = {name: str(value) for name, value in (await read_json(request)).items()}
        community = self.places.check(visit, asked.get("community", ""))
        what, value = asked.get("what", ""), asked.get("value", "")
        place = await self._place(community, what, asked.get("channel", ""))
        where = "here" if asked.get("channel") else "community"
        line: tuple[str, ...]
        text = ""
        match what:
            case "talk" | "persona" | "model":
                line = (what, value)
            case "redraw":
                line, text = ("persona", what, value), asked.get("text", "")
            case "language":
                line = ("language", value, "everyone")
            case "level" | "shadow":
                line = ("safety", what, value)
            case "moderators":
                channel = await self.places.channel(community, value)
                line = ("moderators", channel.id)
            case "pause":
                line, text = ("pause", value, where), asked.get("text", "")
            case "resume":
                line = ("resume", value, where)
            case _:
                raise UserError(T("There is no setting “{name}”.", name=what[:50]))
        told = await self.steering.run(*line, place=place, visit=visit, rest=text)
        return JSONResponse({"told": told})

    async def face(self, request: Request, visit: DeskVisit) -> Response:
        """Return what the bot looks like in a channel."""
        asked = request.path_params
        community = self.places.check(visit, str(asked["community"]))
        channel = await self.places.channel(community, str(asked["channel"]))
        picture = (await self.parts.avatars.here(channel)).picture
        if picture is None:
            raise GoneError(T("I have no picture there yet."))
        return Response(
            picture.content,
            media_type=picture.media_type,
            headers={"Content-Security-Policy": STRICT_POLICY},
        )

    async def file(self, request: Request, visit: DeskVisit) -> Response:
        """Return config.toml, with what may be secret hidden."""
        try:
            text = await asyncio.to_thread(self.parts.config_text)
        except OSError as error:
            raise UserError(
                T("The settings file cannot be read ({reason}).", reason=error.strerror)
            ) from error
        return JSONResponse({"text": text})

    async def _place(self, community: str, what: str, channel: str) -> Channel:
        if channel:
            return await self.places.channel(community, channel)
        if what in OF_CHANNELS:
            raise UserError(T("This is set for each channel. Choose one."))
        return community_place(community)

    async def _channel(self, channel: Channel) -> dict[str, Any]:
        preferences = self.parts.preferences
        kept = await self.settings.all(channel.key)
        look = await self.parts.avatars.here(channel)
        place = (community_key(channel), channel.key)
        url = "/".join(
            ("/desk/api/settings/faces", *(quote(p, safe="") for p in place))
        )
        return {
            "key": channel.key,
            "name": channel.name or channel.key,
            "talk": kept.get(TALK, ""),
            "persona": look.persona,
            "face": picture_row(look.picture, url),
            "persona_set": PERSONA in kept,
            "model": await preferences.model(channel),
            "model_set": MODEL in kept,
            "pauses": self._pauses(kept.get(PAUSE)),
        }

    def _pauses(self, kept: str | None) -> list[dict[str, Any]]:
        now_utc = self.content.clock.now_utc()
        return [
            {
                "what": what.value,
                "until": pause.until_utc.isoformat() if pause.until_utc else "",
                "reason": pause.reason,
            }
            for what, pause in load_pauses(kept).items()
            if pause.lasts(now_utc)
        ]
