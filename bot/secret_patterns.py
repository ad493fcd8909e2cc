"""What keys, tokens and passwords look like: one table for the log and for chats.

A pattern is looked for only where one of its hints is, begins at the start of a word
and never goes back, so that the time is linear. False ones are told apart by a check,
not by entropy: a key says what it is.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

__all__ = ["SECRETS", "SecretPattern", "secret_spans"]


def _always(_: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class SecretPattern:
    """One kind of secret.

    Attributes:
        kind: what it is called.
        hints: one of them is in every text that has such a secret.
        pattern: finds it; the group `secret`, if there is one, is what to hide.
        is_real: tells whether what was found is one.
    """

    kind: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    is_real: Callable[[str], bool] = _always

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Give out where such secrets start and end."""
        if not any(hint in text for hint in self.hints):
            return
        group = "secret" if "secret" in self.pattern.groupindex else 0
        for found in self.pattern.finditer(text):
            if self.is_real(found[group]):
                yield found.span(group)


def secret_spans(text: str) -> list[tuple[int, int]]:
    """Return where secrets start and end, in order; what overlaps is one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(span for one in SECRETS for span in one.spans(text)):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _looks_random(value: str) -> bool:
    """Return whether a value has letters and digits, as no word has."""
    return (
        sum(char.isdigit() for char in value) >= 2
        and any(char.isalpha() for char in value)
        and len(set(value)) >= 8
    )


def _looks_made(value: str) -> bool:
    """Return whether a value without a prefix has capitals, small letters and digits.

    Or is hexadecimal: names of variables and words are neither.
    """
    is_mixed = any(char.isupper() for char in value) and any(
        char.islower() for char in value
    )
    is_hex = all(char in "0123456789abcdef" for char in value.lower())
    return _looks_random(value) and (is_mixed or is_hex)


def _has_id(token: str) -> bool:
    """Return whether the first part of a Discord token is a number in base64."""
    return _from_base64(token.partition(".")[0]).isdigit()


def _has_algorithm(token: str) -> bool:
    """Return whether the first part of a JSON web token says how it is signed."""
    try:
        header = json.loads(_from_base64(token.partition(".")[0]))
    except ValueError:
        return False
    return isinstance(header, dict) and "alg" in header


def _from_base64(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        return b""


def _is_filled_in(login: str) -> bool:
    """Return whether a password stands there, and not a place to write one."""
    password = login.partition(":")[2]
    return password[0] not in "$<{[*%" and password.strip("x*.…•") != ""


def _key(
    kind: str,
    prefixes: str,
    rest: str,
    is_real: Callable[[str], bool] = _always,
) -> SecretPattern:
    """Return the pattern of a key that begins with one of the prefixes."""
    hints = tuple(prefixes.split())
    start = "|".join(map(re.escape, hints))
    pattern = re.compile(rf"(?<![\w-])(?:{start}){rest}")
    return SecretPattern(kind, hints, pattern, is_real)


def _other(
    kind: str,
    hints: tuple[str, ...],
    pattern: str,
    is_real: Callable[[str], bool] = _always,
) -> SecretPattern:
    return SecretPattern(kind, hints, re.compile(pattern), is_real)


SECRETS: tuple[SecretPattern, ...] = (
    _key("OpenAI and alike", "sk-", r"[\w-]{20,}+", _looks_random),
    _key("AWS", "AKIA ASIA ABIA ACCA", r"[A-Z2-7]{16}(?!\w)"),
    _key("GitHub", "ghp_ gho_ ghu_ ghs_ ghr_", r"[A-Za-z0-9]{36,}+"),
    _key("GitHub", "github_pat_", r"\w{40,}+"),
    _key(
        "GitLab", "glpat- gldt- glrt- glsoat- glft- glptt- glcbt- glagent- gloas-",
        r"[\w.-]{20,}+",
    ),
    _key("Slack", "xoxa- xoxb- xoxe- xoxo- xoxp- xoxr- xoxs- xapp-", r"[\w-]{20,}+"),
    _key("Stripe", "sk_live_ sk_test_ rk_live_ rk_test_ whsec_", r"[A-Za-z0-9]{16,}+"),
    _key("Google", "AIza", r"[\w-]{35}(?![\w-])"),
    _key("Google", "GOCSPX-", r"[\w-]{24,}+"),
    _key("Google", "ya29.", r"[\w-]{20,}+"),
    _key("npm", "npm_", r"[A-Za-z0-9]{36,}+"),
    _key("PyPI", "pypi-AgE", r"[\w-]{50,}+"),
    _key("Hugging Face", "hf_ api_org_", r"[A-Za-z0-9]{30,}+"),
    _key("Docker", "dckr_pat_ dckr_oat_", r"[\w-]{20,}+"),
    _key("DigitalOcean", "dop_v1_ doo_v1_ dor_v1_", r"[a-f0-9]{64}"),
    _key("SendGrid", "SG.", r"[\w-]{16,32}\.[\w-]{30,}+"),
    _key("Mailgun", "key-", r"[a-f0-9]{32}(?!\w)"),
    _key("Twilio", "SK", r"[a-f0-9]{32}(?!\w)"),
    _key("Shopify", "shpat_ shpca_ shppa_ shpss_", r"[A-Fa-f0-9]{32}"),
    _key("Databricks", "dapi", r"[a-f0-9]{32}(?!\w)"),
    _key("Groq", "gsk_", r"[A-Za-z0-9]{40,}+"),
    _key("xAI", "xai-", r"[A-Za-z0-9]{60,}+"),
    _key("Perplexity", "pplx-", r"[A-Za-z0-9]{40,}+"),
    _key("Replicate", "r8_", r"[A-Za-z0-9]{36,}+"),
    _key("Linear", "lin_api_", r"[A-Za-z0-9]{36,}+"),
    _key("Notion", "ntn_ secret_", r"[A-Za-z0-9]{40,}+", _looks_random),
    _key("Grafana", "glc_ glsa_", r"[\w+/=]{30,}+"),
    _key("Vault", "hvs. hvb.", r"[\w-]{24,}+"),
    _key("Atlassian", "ATATT3 ATCTT3", r"[\w=-]{50,}+"),
    _key("age", "AGE-SECRET-KEY-1", r"[A-Z0-9]{58}"),
    _other(
        "Discord bot", (".",),
        r"(?<![\w.-])[MNO][\w-]{17,37}\.[\w-]{6,7}\.[\w-]{27,}+", _has_id,
    ),
    _other(
        "Discord webhook", ("/webhooks/",), r"(?<=/webhooks/)[0-9]{15,21}/[\w-]{50,}+"
    ),
    _other(
        "Slack webhook", ("hooks.slack.com",),
        r"(?<=hooks\.slack\.com/services/)T\w{6,}+/B\w{6,}+/\w{16,}+",
    ),
    _other("Telegram bot", (":AA",), r"(?<!\d)[0-9]{8,12}:AA[\w-]{32,34}(?![\w-])"),
    _other(
        "JSON web token", ("eyJ", "ewog"),
        r"(?<![\w.-])(?:eyJ|ewog)[\w-]{8,}+\.[\w-]{8,}+\.[\w-]*+", _has_algorithm,
    ),
    _other(
        "private key", ("PRIVATE KEY",),
        r"(?s)-{5}BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-{5}.*?"
        r"(?:-{5}END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-{5}|\Z)",
    ),
    _other(
        "password in an address", ("://",),
        r"(?<=://)[^\s/:@?#\"'<>]{0,200}:[^\s/@\"'<>]{1,200}(?=@)", _is_filled_in,
    ),
    _other(
        "connection string", ("=",),
        r"(?i)(?<![\w-])(?:AccountKey|SharedAccessKey|SharedAccessSignature)="
        r"(?P<secret>[\w+/%=&-]{30,}+)",
    ),
    _other(
        "connection string", (";",),
        r"(?i)(?<=;)\s?(?:password|pwd)\s?=\s?(?P<secret>[^;\s\"'\[]{4,200})",
    ),
    _other(
        "assigned", ("=", ":"),
        r"(?i)(?<![\w-])[\w-]{0,40}?(?:api_?-?key|access_?-?key|secret|token|passw(?:or)?d)"
        r"(?:[_-]?(?:id|key))?[\"']?\s{0,3}[:=]\s{0,3}[\"'`]?"
        r"(?P<secret>[\w+/=.~-]{16,}+)", _looks_made,
    ),
)  # fmt: skip
"""Every kind of secret that is known by its looks."""
