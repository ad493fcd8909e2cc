"""The communities and channels that somebody steers from the desk."""

from adapters.web.desk_door import DeskVisit
from bot.errors import GoneError
from bot.messages import Channel
from bot.preferences import community_key
from bot.store.known_places import KnownPlaces
from bot.words import T
from content.content import Content

__all__ = ["DeskPlaces", "community_place"]

OURS = "community:web:web"


class DeskPlaces:
    """Finds them for a visit; what is not theirs is not there."""

    def __init__(self, content: Content, rooms: tuple[str, ...]) -> None:
        self._known = KnownPlaces(content.store)
        self._places = content.places
        self._rooms = rooms

    async def communities(self, visit: DeskVisit) -> tuple[str, ...]:
        """Return the communities that somebody steers, sorted."""
        mine = visit.communities
        if mine is None:
            mine = frozenset({OURS, *await self._known.communities()})
        return tuple(sorted(mine))

    def check(self, visit: DeskVisit, community: str) -> str:
        """Return a community if somebody steers it.

        Raises:
            GoneError: they do not, or there is none of this name.
        """
        parts = community.split(":", 2)
        if len(parts) < 3 or parts[0] != "community" or not visit.steers(community):
            raise GoneError(T("There is no such community here."))
        return community

    async def channels(self, community: str) -> tuple[Channel, ...]:
        """Return the channels of a community that the bot has met and still sees."""
        keys = await self._known.channels(community)
        if community == OURS:
            keys = tuple(dict.fromkeys((*(f"web:{one}" for one in self._rooms), *keys)))
        found = self._places([key for key in keys if "/" not in key])
        return tuple(one for one in found if community_key(one) == community)

    async def channel(self, community: str, key: str) -> Channel:
        """Return a channel of a community.

        Raises:
            GoneError: it has none of this name.
        """
        for place in self._places([key]):
            if community_key(place) == community and not place.is_private:
                return place
        raise GoneError(T("There is no such channel here."))


def community_place(community: str) -> Channel:
    """Return a place that stands for a community as a whole."""
    _, platform, community_id = community.split(":", 2)
    return Channel(platform, "", community_id)
