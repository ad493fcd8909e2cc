"""Posts for the moderators' desk, ready for JSON; their HTML is safe."""

from dataclasses import dataclass, field
from typing import Any

from adapters.web.convert import html_of
from adapters.web.faces import picture_version
from bot.messages import Attachment
from bot.preview import PreviewKind
from bot.publication import Link, Poll, Publication
from bot.store.posts import StoredPost
from bot.words import T, Text, Words
from content.post_views import PostViews
from content.quality import Part
from content.review_queue import measured

__all__ = ["PostLook", "PostLooks", "links_row", "picture_row", "poll_row"]

SCHEMES = ("https://", "http://", "mailto:")
PARTS: dict[PreviewKind, Text] = {
    PreviewKind.TEXT: T("Message"),
    PreviewKind.CARD: T("Card with a frame"),
    PreviewKind.CAPTION: T("Picture with a caption"),
    PreviewKind.PICTURE: T("Picture"),
    PreviewKind.POLL: T("Poll"),
}
MEASURES: dict[str, Text] = {
    "grammar": T("Grammar"),
    "language": T("Language"),
    "leftovers": T("Does not talk about itself"),
    "length": T("Length"),
    "relevance": T("Keeps to its topic"),
    "repetition": T("Does not repeat itself"),
}


@dataclass(frozen=True, slots=True)
class PostLook:
    """How a post looks with the text and the picture that it has now."""

    publication: Publication = field(repr=False)
    html: str = field(repr=False)
    previews: list[dict[str, Any]] = field(repr=False)
    parts: tuple[Part, ...]

    @property
    def picture(self) -> Attachment | None:
        """Its picture; None: it has none."""
        return self.publication.picture


class PostLooks:
    """Makes looks."""

    def __init__(self, views: PostViews, words: Words) -> None:
        self._views = views
        self._words = words

    async def of(self, post: StoredPost) -> PostLook:
        """Return how a post looks."""
        publication = await self._views.publication(post)
        channels = self._views.channels(post)
        previews = [
            {
                "platform": preview.platform,
                "parts": [
                    {"kind": part.kind, "html": await html_of(part.text)}
                    for part in preview.parts
                ],
            }
            for preview in self._views.previews(publication, channels)
        ]
        html = await html_of(post.body)
        return PostLook(publication, html, previews, await measured(post))

    def previews(self, look: PostLook, language: str) -> list[dict[str, Any]]:
        """Return the previews with what each message is, in a language."""
        return [
            {
                **preview,
                "parts": [
                    {**part, "label": self._words.say(PARTS[part["kind"]], language)}
                    for part in preview["parts"]
                ],
            }
            for preview in look.previews
        ]

    def parts(self, look: PostLook, language: str) -> list[dict[str, Any]]:
        """Return what was measured, in a language."""
        say = self._words.say
        return [
            {
                "name": say(MEASURES.get(part.name, Text(part.name)), language),
                "value": round(part.value, 3),
                "reason": say(part.reason, language) if part.reason else "",
            }
            for part in look.parts
        ]


def picture_row(picture: Attachment | None, url: str) -> dict[str, str] | None:
    """Return a picture for the page; another picture has another address."""
    if picture is None:
        return None
    return {"url": f"{url}?v={picture_version(picture)}", "alt": picture.description}


def poll_row(poll: Poll | None) -> dict[str, Any] | None:
    """Return a poll for the page."""
    if poll is None:
        return None
    return {
        "question": poll.question,
        "answers": list(poll.answers),
        "correct": poll.correct,
        "explanation": poll.explanation,
    }


def links_row(links: tuple[Link, ...]) -> list[dict[str, str]]:
    """Return where something comes from; an address that could run is left out."""
    return [
        {
            "title": link.title or link.url,
            "url": link.url if link.url.lower().startswith(SCHEMES) else "",
        }
        for link in links
    ]
