"""The pictures of personas: drawn once, when first asked for, and kept."""

import hashlib

import structlog

from bot.drawing import NUM_SEEDS, Drawer, Drawn, Wanted
from bot.errors import HearthbotError
from bot.generation.requests import ImageParams, Owner, Priority
from bot.messages import Attachment
from bot.personas import Persona
from bot.provenance import Provenance, marked
from bot.store.avatars import AvatarRepository, StoredAvatar
from bot.tasks import Tasks

__all__ = ["Avatars"]

logger = structlog.get_logger(__name__)

OWNER = Owner("personas", "personas")
PROMPT = "friendly face of a {name}, looking at you"


class Avatars:
    """Has the avatar of each persona, or draws it behind everything else."""

    def __init__(
        self, avatars: AvatarRepository, *, drawer: Drawer | None, tasks: Tasks
    ) -> None:
        self._avatars = avatars
        self._drawer = drawer
        self._tasks = tasks
        self._at_work: set[str] = set()

    async def of(self, persona: Persona) -> Attachment | None:
        """Return a persona's picture; None: it has none yet.

        Where something draws, it is begun then, and will be there.
        """
        kept = await self._avatars.get(persona.name)
        if kept is not None:
            return _attachment(kept)
        if self._drawer is not None and persona.name not in self._at_work:
            self._at_work.add(persona.name)
            self._tasks.begin(self._draw(self._drawer, persona))
        return None

    async def _draw(self, drawer: Drawer, persona: Persona) -> None:
        prompt = PROMPT.format(name=persona.name)
        digest = hashlib.sha256(persona.name.encode()).digest()
        seed = int.from_bytes(digest[:4], "big") % NUM_SEEDS
        wanted = Wanted(prompt, params=ImageParams(seed=seed))
        try:
            drawn = await drawer.draw(wanted, owner=OWNER, priority=Priority.POST)
            if isinstance(drawn, Drawn):
                await self._avatars.put(
                    StoredAvatar(
                        persona.name, prompt, drawn.drawing.png, drawer.model, seed
                    )
                )
                self._at_work.discard(persona.name)
        except HearthbotError as error:  # the next one who asks has it tried again
            self._at_work.discard(persona.name)
            logger.warning("avatar not drawn", persona=persona.name, reason=str(error))


def _attachment(avatar: StoredAvatar) -> Attachment:
    provenance = Provenance(avatar.model, avatar.seed)
    return Attachment(
        f"{avatar.persona}.png",
        "image/png",
        marked(avatar.content, provenance),
        description=avatar.persona,
        provenance=provenance,
    )
