"""Where personal data stands in a text: addresses and numbers of people."""

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import count

from bot.safety.national_numbers import has_luhn_digit, national_spans
from bot.safety.suffixes import public_suffixes

__all__ = ["FINDERS", "Span"]

Span = tuple[int, int]

MAX_CHECKED = 500
"""So many telephone numbers of a text are looked up; more are taken for real."""

MAX_NATIONAL = 12
"""Digits of the longest telephone numbers without a country."""

_EMAIL = re.compile(
    r"(?<![\w.+%/-])[\w.+%-]{1,64}+(?:@|\s?[\[({]\s?(?:at|@)\s?[\])}]\s?)"
    r"(?P<host>(?:[\w-]{1,63}+(?:\.|\s?[\[({]\s?(?:dot|\.)\s?[\])}]\s?)){1,8}"
    r"[^\W\d_]{2,24}+)(?![\w-])"
)
_NO_PEOPLE = frozenset({"git", "svn", "hg"})
_DOT = re.compile(r"\s?[\[({]\s?(?:dot|\.)\s?[\])}]\s?")

_INTERNATIONAL = re.compile(
    r"(?<![\w.+/-])(?:\+|00)(?=[1-9])\d{1,3}(?:[ ().\u00a0/-]{0,3}\d){6,13}"
    r"(?![\w/-]|[.,]\d)"
)
_AMERICAN = re.compile(
    r"(?<![\w.+/-])(?:1[ .-])?(?:\(\d{3}\) ?\d{3}[-.]|\d{3}([-.])\d{3}\1)\d{4}"
    r"(?![\w/-]|[.,]\d)"
)
_NATIONAL = re.compile(
    r"(?i)\b(?:phone|tel|telephone|call|text|ring|whatsapp|signal|mobile|cell|fax|telefon"
    r"|handy|mobil|telefonnummer|handynummer|rufnummer|tél|téléphone|portable|teléfono|móvil|llama|telefone"
    r"|celular|cellulare|chiama|тел|телефон|звони|電話|电话|手机)\b"
    r"[^\d\n+]{0,25}(?P<number>\(?0\d{1,5}\)?(?:[ ()/.\u00a0-]{0,2}\d){5,11}"
    r"|1[3-9]\d(?:[ -]?\d){8})(?![\w/-]|[.,]\d)"
)
_CARD = re.compile(
    r"(?<![\w.,@#/+-])(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?"
    r"|\d{4}([ -])\d{6}\2\d{4,5})(?![\w/-]|[.,]\d)"
)
_ISSUERS = re.compile(
    r"4\d{15}(?:\d{3})?|(?:5[1-5]|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d+"
    r"|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}|6(?:011|5|4[4-9])\d+|62\d{14}"
)
_CARD_LENGTHS = range(14, 20)

_IBAN_START = re.compile(r"(?<![\w])[A-Za-z]{2}\d{2}(?=[ -]?[A-Za-z0-9]{4})")
_IBAN_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO", 16: "BE", 18: "DK FI FO GL NL", 19: "MK SI",
        20: "AT BA EE KZ LT LU XK", 21: "CH CR HR LI LV",
        22: "BG BH DE GB GE IE ME RS VA", 23: "AE GI IL IQ OM TL",
        24: "AD CZ DZ ES MD PK RO SA SE SK TN VG", 25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM", 28: "AL AZ BY CY DO GT HU LB NI PL SV",
        29: "BR EG PS QA UA", 30: "JO KW MU", 31: "MT SC", 32: "LC", 33: "RU",
    }.items()
    for country in countries.split()
}  # fmt: skip
_IBANS = {
    length: re.compile(rf"(?:[ \u00a0-]?[A-Za-z0-9]){{{length}}}(?![A-Za-z0-9])")
    for length in set(_IBAN_LENGTHS.values())
}

_IPV4 = re.compile(r"(?<![\w.:-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])[23][0-9A-Fa-f]{3}:[0-9A-Fa-f:]{2,34}(?![\w:])")
_VERSION = re.compile(r"(?i)(?:\bv|version|release|build|update)[ :]{0,2}\Z")


def _emails(text: str) -> Iterator[Span]:
    for found in _EMAIL.finditer(text):
        host = _DOT.sub(".", found["host"]).lower()
        is_person = re.split(r"\W", found[0], maxsplit=1)[0] not in _NO_PEOPLE
        # Hosts such as mail.example are made up: nobody has such an address.
        if is_person and public_suffixes().privatesuffix(host):
            yield found.span()


def _phones(text: str) -> Iterator[Span]:
    checked = count()
    for pattern, region in ((_INTERNATIONAL, None), (_AMERICAN, "US")):
        for found in pattern.finditer(text):
            number = re.sub(r"^00", "+", found[0])
            if next(checked) >= MAX_CHECKED or _is_phone(number, region):
                yield found.span()
    for found in _NATIONAL.finditer(text):
        if len(re.sub(r"\D", "", found["number"])) <= MAX_NATIONAL:
            yield found.span("number")


def _is_phone(number: str, region: str | None) -> bool:
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed)


def _cards(text: str) -> Iterator[Span]:
    for found in _CARD.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        is_card = len(digits) in _CARD_LENGTHS and _ISSUERS.fullmatch(digits)
        if is_card and has_luhn_digit(digits):
            yield found.span()


def _ibans(text: str) -> Iterator[Span]:
    for start in _IBAN_START.finditer(text):
        length = _IBAN_LENGTHS.get(start[0][:2].upper())
        found = _IBANS[length].match(text, start.start()) if length else None
        if found and _is_iban(re.sub(r"[\W_]", "", found[0])):
            yield found.span()


def _is_iban(number: str) -> bool:
    turned = "".join(str(int(char, 36)) for char in number[4:] + number[:4])
    return int(turned) % 97 == 1


def _ips(text: str) -> Iterator[Span]:
    for pattern in (_IPV4, _IPV6):
        for found in pattern.finditer(text):
            before = text[max(0, found.start() - 10) : found.start()]
            if _is_global(found[0]) and not _VERSION.search(before):
                yield found.span()


def _is_global(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_global
    except ValueError:
        return False


FINDERS: Mapping[str, Callable[[str], Iterator[Span]]] = {
    "email": _emails,
    "iban": _ibans,
    "card": _cards,
    "national": national_spans,
    "phone": _phones,
    "ip": _ips,
}
"""What finds each kind; of overlapping ones the first counts."""
