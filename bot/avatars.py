"""The pictures of personas: drawn once, behind everything else, and kept."""

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog

from bot.clock import Clock
from bot.drawing import NUM_SEEDS, SEED_BITS, Drawer, Undrawn, Wanted
from bot.enlarging import sized
from bot.errors import HearthbotError, MissingError, UserError
from bot.generation.requests import ImageParams, Owner, Priority
from bot.messages import Attachment, Channel
from bot.pause import Output
from bot.pauses import Pauses
from bot.personas import Persona
from bot.preferences import Preferences, community_key
from bot.provenance import Provenance, marked
from bot.store.avatars import AvatarRepository, StoredAvatar
from bot.tasks import Tasks
from bot.words import T

__all__ = ["AVATAR_PX", "RETRY_S", "Avatars", "Look"]

logger = structlog.get_logger(__name__)

OWNER = Owner("personas", "personas")
FROM_NAME = "friendly face of a {name}, looking at you"
AVATAR_PX = 256
RETRY_S = 3600.0
"""So long after a picture did not turn out, it is not tried again by itself."""

See = Callable[[], Coroutine[None, None, None]]
"""Looks at what has changed."""

SHARED = ""
"""The community of those that private chats are shown."""


@dataclass(frozen=True, slots=True)
class Look:
    """Who the bot is in a channel; `picture` None: it has none yet."""

    persona: str
    picture: Attachment | None = field(repr=False)


class Avatars:
    """Has the avatar of each persona, or draws it behind everything else.

    A community's pictures are its own: another one's moderators cannot change them.
    """

    def __init__(
        self,
        kept: AvatarRepository,
        preferences: Preferences,
        pauses: Pauses,
        *,
        drawer: Drawer | None,
        tasks: Tasks,
        clock: Clock,
    ) -> None:
        self._kept = kept
        self._preferences = preferences
        self._pauses = pauses
        self._drawer = drawer
        self._tasks = tasks
        self._clock = clock
        self._at_work: set[tuple[str, str]] = set()
        self._rests_until_s: dict[tuple[str, str], float] = {}
        self._watchers: list[See] = []

    @property
    def can_draw(self) -> bool:
        """Whether there is anything to draw them with."""
        return self._drawer is not None

    async def here(self, channel: Channel) -> Look:
        """Return who the bot is in a channel, as `of`."""
        persona = await self._preferences.persona(channel)
        return Look(persona.name, await self.of(channel, persona))

    async def of(self, channel: Channel, persona: Persona) -> Attachment | None:
        """Return a persona's picture; None: it has none yet.

        Where something draws, it is begun then, and will be there.
        """
        if _is_unseen(channel, persona):
            return None
        key = _key(channel, persona)
        kept = await self._kept.get(*key)
        if kept is not None:
            return _attachment(kept)
        rests_until_s = self._rests_until_s.get(key, 0.0)
        is_due = key not in self._at_work and self._clock.monotonic() >= rests_until_s
        if self._drawer is not None and is_due:
            self._at_work.add(key)
            self._tasks.begin(self._begin(self._drawer, channel, persona))
        return None

    async def redraw(
        self, channel: Channel, persona: Persona, words: str, *, owner: Owner
    ) -> Attachment:
        """Draw a persona anew, from words, and keep that in place of what there was.

        Without words it is drawn from what it was before, with another seed.

        Raises:
            UserError: nothing draws, or not now, or it was refused; the text says why.
            GenerationError: the model could not do it.
        """
        if _is_unseen(channel, persona):
            raise UserError(T("Personas of a private chat have no picture."))
        key = _key(channel, persona)
        if self._drawer is None:
            raise UserError(T("I have no model to draw with."))
        if key in self._at_work:
            raise UserError(T("I am drawing it right now. Look again in a moment."))
        if await self._pauses.of(channel, Output.PICTURES) is not None:
            raise UserError(T("Nothing is drawn here right now: pictures rest."))
        kept = await self._kept.get(*key)
        before = kept.prompt if kept is not None else persona.avatar
        seed = secrets.randbits(SEED_BITS)
        self._at_work.add(key)
        try:
            drawn = await self._draw(
                self._drawer,
                key,
                _wanted(channel, persona, words or before, seed),
                owner=owner,
                priority=Priority.COMMAND,
            )
        except MissingError as error:
            raise UserError(
                T(
                    "My model knows no picture for that. Say what I am to draw: "
                    "/persona redraw {name} a fox",
                    name=persona.name,
                )
            ) from error
        finally:
            self._at_work.discard(key)
        if isinstance(drawn, Undrawn):
            verdict = drawn.judgement.verdict
            reason = verdict.reason or verdict.category
            raise UserError(T("That picture was refused: {reason}", reason=reason))
        return _attachment(drawn)

    async def changed(self) -> None:
        """Forget the pictures of personas that are gone, and let watchers look."""
        for community in await self._kept.communities():
            names = await self._preferences.personas.names(community)
            await self._kept.keep_only(community, names)
        self.chosen()

    def chosen(self) -> None:
        """Let watchers look: somewhere the bot is somebody else now."""
        for see in self._watchers:
            self._tasks.begin(see())

    @contextmanager
    def watched(self, see: See) -> Iterator[None]:
        """Have `see` called whenever `here` may return something else somewhere."""
        self._watchers.append(see)
        try:
            yield
        finally:
            self._watchers.remove(see)

    async def _begin(self, drawer: Drawer, channel: Channel, persona: Persona) -> None:
        """Draw a persona for the first time; what goes wrong is tried again later."""
        key = _key(channel, persona)
        try:
            if await self._pauses.of(channel, Output.PICTURES) is not None:
                return  # whoever looks after the pause has it drawn
            self._rests_until_s[key] = self._clock.monotonic() + RETRY_S
            drawn = await self._draw(
                drawer,
                key,
                _wanted(channel, persona, persona.avatar, _first_seed(persona)),
                owner=OWNER,
                priority=Priority.POST,
            )
            if isinstance(drawn, Undrawn):
                category = drawn.judgement.verdict.category
                logger.warning("avatar refused", persona=persona.name, reason=category)
        except HearthbotError as error:
            logger.warning("avatar not drawn", persona=persona.name, reason=str(error))
        finally:
            self._at_work.discard(key)

    async def _draw(
        self,
        drawer: Drawer,
        key: tuple[str, str],
        wanted: Wanted,
        *,
        owner: Owner,
        priority: Priority,
    ) -> StoredAvatar | Undrawn:
        """Draw a picture and keep it, unless its persona is gone by then."""
        drawn = await drawer.draw(wanted, owner=owner, priority=priority)
        if isinstance(drawn, Undrawn):
            return drawn
        community, name = key
        content = await asyncio.to_thread(sized, drawn.drawing.png, AVATAR_PX)
        avatar = StoredAvatar(
            community, name, wanted.prompt, content, drawer.model, drawn.provenance.seed
        )
        if name in await self._preferences.personas.names(community):
            await self._kept.put(avatar)
            self.chosen()
        return avatar


def _key(channel: Channel, persona: Persona) -> tuple[str, str]:
    """Return whose picture it is: that of a community and a name."""
    return SHARED if channel.is_private else community_key(channel), persona.name


def _is_unseen(channel: Channel, persona: Persona) -> bool:
    """Return whether it is none: it would be kept under the name of a person's chat."""
    return channel.is_private and persona.is_own


def _wanted(channel: Channel, persona: Persona, words: str, seed: int) -> Wanted:
    """Return what is drawn; without words, what the persona's name says."""
    from_name = FROM_NAME.format(name=persona.name)
    prompt = words or from_name
    whole = Channel(channel.platform, "", channel.community_id)
    return Wanted(
        prompt,
        # A model that knows only some things would draw any face there is.
        about=persona.name if prompt == from_name else "",
        params=ImageParams(seed=seed),
        places=() if channel.is_private else (whole,),
    )


def _first_seed(persona: Persona) -> int:
    """Return a seed that is the same wherever there is a persona of the name."""
    digest = hashlib.sha256(persona.name.encode()).digest()
    seed: int = int.from_bytes(digest[:4], "big") % NUM_SEEDS
    return seed


def _attachment(avatar: StoredAvatar) -> Attachment:
    provenance = Provenance(avatar.model, avatar.seed)
    return Attachment(
        f"{avatar.persona}.png",
        "image/png",
        marked(avatar.content, provenance),
        description=avatar.persona,
        provenance=provenance,
    )
