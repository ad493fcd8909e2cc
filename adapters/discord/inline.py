"""What stands within a line: links, pictures, formulas, leftovers of HTML."""

import html

import discord
import regex

__all__ = ["escaped", "inline"]

# Tags that are shown as marks, opening and closing, or go; what else stands between
# angle brackets is text, such as `list<str>` and `<stdio.h>`.
_BOLD, _CODE, _GONE = ("**", "**"), ("`", "`"), ("", "")
_TAGS = {
    "b": _BOLD, "strong": _BOLD, "summary": _BOLD, "h1": _BOLD, "h2": _BOLD,
    "h3": _BOLD, "h4": _BOLD, "h5": _BOLD, "h6": _BOLD, "i": ("*", "*"),
    "em": ("*", "*"), "u": ("__", "__"), "ins": ("__", "__"), "s": ("~~", "~~"),
    "del": ("~~", "~~"), "strike": ("~~", "~~"), "code": _CODE, "kbd": _CODE,
    "tt": _CODE, "br": ("\n", "\n"), "hr": ("───", ""), "li": ("- ", ""),
    "p": ("", "\n"), "div": ("", "\n"), "sup": ("^", ""), "sub": _GONE,
    "span": _GONE, "center": _GONE, "details": _GONE, "mark": _GONE, "small": _GONE,
    "font": _GONE, "ul": _GONE, "ol": _GONE, "section": _GONE, "article": _GONE,
}  # fmt: skip
_NAMES = "|".join(sorted(_TAGS, key=len, reverse=True))
_URL = r"https?://[^\s<>\"`|，。；：！？、（）「」『』【】《》]*[^\s<>\"`|.,:;!?'*_~）。，、；：！？」』】》]"
_FOUND = regex.compile(
    r"(?P<code>(?<!`)(?P<ticks>`++)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<picture>!)?\[(?P<label>[^\[\]]*+)\]"
    r"\(<?(?P<target>(?:[^()\s<>]|\([^()\s]*+\))++)>?(?P<title>[ \t]++\"[^\"]*+\")?\)"
    rf"|<(?P<auto>{_URL})>"
    rf"|(?P<url>{_URL})"
    r"|<a[ \t][^<>]*?href=[\"'](?P<href>[^\"'<>\s]++)[\"'][^<>]*+>"
    r"(?P<anchor>[^<>\[\]]++)</a>"
    rf"|<(?P<end>/)?(?P<tag>{_NAMES})(?:[ \t/][^<>]*+)?>"
    r"|(?P<entity>&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,7}|#x[0-9a-f]{1,6});)"
    r"|\$\$(?P<display>[^$`]++)\$\$"
    r"|\\\((?P<round>[^`]+?)\\\)|\\\[(?P<square>[^`]+?)\\\]"
    # A formula has something of TeX in it: "$5 to $10" is about money.
    r"|(?<![\\$\w])\$(?P<dollar>(?=[^$]*[\\^_=])[^\s$`](?:[^$`]*[^\s$`\\])?)\$(?![\w$])",
    regex.IGNORECASE,
)
_MENTION = regex.compile(r"@(?=everyone|here|[!&]?\d{17,20})")


def inline(text: str, *, can_unfurl: bool) -> str:
    """Return a line with what Discord does not show made into what it does."""

    def shown(found: regex.Match[str]) -> str:
        if found["code"]:
            return found[0]
        if found["target"]:
            return _link(found, can_unfurl=can_unfurl)
        if found["auto"] or found["url"]:
            return _address(found["auto"] or found["url"], found, can_unfurl)
        if found["href"]:
            return f"[{found['anchor']}]({_wrapped(found['href'], can_unfurl)})"
        if found["tag"]:
            return _TAGS[found["tag"].lower()][bool(found["end"])]
        if found["entity"]:
            return html.unescape(found["entity"])
        formula = next(
            found[name]
            for name in ("display", "round", "square", "dollar")
            if found[name]
        )
        return f"`{formula.strip()}`" if formula.strip() else found[0]

    return escaped(_FOUND.sub(shown, text))


def escaped(text: str) -> str:
    """Return a text in which no mention of a person, a role or everybody works."""
    return discord.utils.escape_mentions(text)


def _link(found: regex.Match[str], *, can_unfurl: bool) -> str:
    target = _wrapped(found["target"], can_unfurl)
    if found["picture"] and not found["label"].strip():
        return target
    return f"[{found['label']}]({target}{found['title'] or ''})"


def _address(url: str, found: regex.Match[str], can_unfurl: bool) -> str:
    if found["auto"]:
        return f"<{_safe(url)}>"
    # A bracket that was opened before the address closes behind it.
    kept = url
    while kept.endswith(")") and kept.count(")") > kept.count("("):
        kept = kept[:-1]
    return _wrapped(kept, can_unfurl) + url[len(kept) :]


def _wrapped(url: str, can_unfurl: bool) -> str:
    safe = _safe(url)
    return safe if can_unfurl or "://" not in safe else f"<{safe}>"


def _safe(url: str) -> str:
    return _MENTION.sub("%40", url)
