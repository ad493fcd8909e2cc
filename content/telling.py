"""Telling moderators what did not work with a delivery, and asking what to do."""

from collections.abc import Sequence

from bot.errors import PlatformError
from bot.store.deliveries import Delivery
from bot.store.delivery_changes import ChangeKind, DeliveryChange
from bot.store.posts import PostRepository
from bot.words import T, Text
from content.places import Places
from content.review import Desk

__all__ = ["Telling"]

FAILED_CHANGES = {
    ChangeKind.REVISE: T("“{title}” still has its old text in {channel}: {error}"),
    ChangeKind.RETRACT: T("“{title}” is still there in {channel}: {error}"),
}


UNSURE = T("“{title}” may have its old text in {channel}, or the new one: {error}")


class Telling:
    """Tells the moderators of the community that a channel belongs to."""

    def __init__(self, *, desk: Desk, posts: PostRepository, places: Places) -> None:
        self._desk = desk
        self._posts = posts
        self._places = places

    async def unknown(self, delivery: Delivery) -> bool:
        """Ask whether a post is in a channel; return whether they were reached."""
        answer = f"{delivery.post_id} {delivery.channel_key}"
        return await self._tell(
            delivery,
            T(
                "Is “{title}” in {channel}? I cannot tell: {error} Please look there, "
                "so that it does not come twice or not at all.",
                **await self._about(delivery, delivery.error),
            ),
            (
                (T("It is there"), f"/posts there {answer}"),
                (T("It is not there: send it"), f"/posts send {answer}"),
            ),
        )

    async def ask(self, delivery: Delivery) -> None:
        """Ask again what nobody has answered."""
        await self.unknown(delivery)

    async def not_sent(self, delivery: Delivery) -> bool:
        """Tell that a channel does not get a post, and why."""
        text = T(
            "“{title}” did not go out in {channel}: {error}",
            **await self._about(delivery, delivery.error),
        )
        return await self._tell(delivery, text, (_again(delivery),))

    async def not_changed(
        self,
        delivery: Delivery,
        change: DeliveryChange,
        error: Text,
        *,
        is_unsure: bool = False,
    ) -> bool:
        """Tell that a channel has, or may have, a post as it was, and why."""
        about = await self._about(delivery, error)
        said = UNSURE if is_unsure else FAILED_CHANGES[change.kind]
        text = T(said.template, **about)
        return await self._tell(delivery, text, (_again(delivery),))

    async def _about(self, delivery: Delivery, error: Text | None) -> dict[str, object]:
        post = await self._posts.get(delivery.post_id)
        title = (post.title or post.topic) if post else delivery.post_id
        return {"title": title, "channel": delivery.channel_key, "error": error or ""}

    async def _tell(
        self, delivery: Delivery, text: Text, buttons: Sequence[tuple[Text, str]]
    ) -> bool:
        try:
            communities = self._places.communities((delivery.channel_key,))
        except PlatformError:
            communities = ()  # it is down: all who moderate are told
        return await self._desk.tell(text, communities=communities, buttons=buttons)


def _again(delivery: Delivery) -> tuple[Text, str]:
    return T("Try again"), f"/posts retry {delivery.post_id}"
