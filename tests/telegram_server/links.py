"""What Telegram makes of the address of a link."""

import re

from tests.telegram_server.entities import Entity

__all__ = ["checked_url", "link_entity"]

USER = re.compile(r"tg:(?://)?user\?id=(\d+)")


def link_entity(offset: int, length: int, url: str) -> Entity | None:
    """Return a link, or the mention of a user; None: the address is none."""
    if match := USER.fullmatch(url):
        return Entity("text_mention", offset, length, user_id=int(match[1]))
    checked = checked_url(url)
    return Entity("text_link", offset, length, url=checked) if checked else None


def checked_url(url: str) -> str:
    """Return an address as Telegram keeps it; "" where it drops the link.

    Assumed: http, https, ftp, tg and ton; a host needs a dot and no blank.
    """
    match = re.fullmatch(r"(?:(https?|ftp|tg|ton)://)?([^\s/?#]+)([^\s]*)", url.strip())
    if not match:
        return ""
    scheme, host, rest = match.groups()
    if scheme in ("tg", "ton"):
        return url.strip()
    if not re.fullmatch(r"(?:[^@]*@)?[\w-]+(?:\.[\w-]+)+\.?(?::\d+)?", host):
        return ""
    return f"{scheme or 'http'}://{host}{rest or '/'}"
