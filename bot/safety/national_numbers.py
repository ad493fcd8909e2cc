"""Numbers that states give to people, with the sums that tell them from others.

A number without a checksum, or with one that many ordinary numbers pass, counts only
where a word near it says what it is.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

__all__ = ["NATIONAL_NUMBERS", "NationalNumber", "has_luhn_digit", "national_spans"]

NEAR = 60
"""How far before a number the word may stand that says what it is, in characters."""


@dataclass(frozen=True, slots=True)
class NationalNumber:
    """One kind of number.

    Attributes:
        name: of the number, with the country.
        pattern: how it is written.
        is_real: tells a number, without spaces and signs, from any other.
        words: one of them must stand near; None if the number speaks for itself.
    """

    name: str
    pattern: re.Pattern[str]
    is_real: Callable[[str], bool]
    words: re.Pattern[str] | None = None

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Give out where such numbers start and end."""
        if self.words is not None and not self.words.search(text):
            return
        for found in self.pattern.finditer(text):
            if self.words is not None:
                near = text[max(0, found.start() - NEAR) : found.start()]
                if not self.words.search(near):
                    continue
            if self.is_real(re.sub(r"[\s./-]", "", found[0]).upper()):
                yield found.span()


def national_spans(text: str) -> Iterator[tuple[int, int]]:
    """Give out where numbers of any state start and end."""
    for one in NATIONAL_NUMBERS:
        yield from one.spans(text)


def has_luhn_digit(number: str) -> bool:
    """Return whether the last digit is right, as on bank cards."""
    total = 0
    for at, char in enumerate(reversed(number)):
        doubled = int(char) * (1 + at % 2)
        total += doubled - 9 * (doubled > 9)
    return total % 10 == 0


def _weighed(number: str, weights: Sequence[int]) -> int:
    return sum(
        int(char) * weight for char, weight in zip(number, weights, strict=False)
    )


def _is_date(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _is_us_ssn(number: str) -> bool:
    area, group, serial = number[:3], number[3:5], number[5:]
    return (
        area not in {"000", "666"} and area < "900" and group > "00" < serial != "0000"
    )


def _is_ca_sin(number: str) -> bool:
    return number[0] not in "08" and has_luhn_digit(number)


def _is_uk_nhs(number: str) -> bool:
    check = 11 - _weighed(number[:9], range(10, 1, -1)) % 11
    return len(set(number)) > 1 and (0 if check == 11 else check) == int(number[9])


def _is_uk_nino(number: str) -> bool:
    return number[:2] not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}


def _is_de_tax_id(number: str) -> bool:
    product = 10
    for char in number[:10]:
        total = (int(char) + product) % 10 or 10
        product = total * 2 % 11
    repeated = {number[:10].count(char) for char in number[:10]}
    return (11 - product) % 10 == int(number[10]) and max(repeated) in {2, 3}


def _is_de_pension(number: str) -> bool:
    letter = f"{ord(number[8]) - 64:02d}"
    digits = number[:8] + letter + number[9:11]
    weighed = [
        int(char) * weight
        for char, weight in zip(
            digits, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1), strict=True
        )
    ]
    return sum(one // 10 + one % 10 for one in weighed) % 10 == int(number[11])


def _is_es_dni(number: str) -> bool:
    digits = number[:-1].translate(str.maketrans("XYZ", "012"))
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23] == number[-1]


_ODD_VALUES = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21]
_ODD_LETTERS = [2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]
_ODD = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        [*_ODD_VALUES, *_ODD_VALUES, *_ODD_LETTERS],
        strict=True,
    )
)


def _is_it_fiscal(number: str) -> bool:
    total = sum(_ODD[char] for char in number[:15:2])
    total += sum(
        int(char) if char.isdigit() else ord(char) - 65 for char in number[1:15:2]
    )
    return chr(65 + total % 26) == number[15]


def _is_fr_nir(number: str) -> bool:
    digits = number[:13].replace("2A", "19").replace("2B", "18")
    return 97 - int(digits) % 97 == int(number[13:])


def _is_nl_bsn(number: str) -> bool:
    return int(number) > 0 and _weighed(number, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def _is_be_register(number: str) -> bool:
    rest, check = int(number[:9]), int(number[9:])
    return check in {97 - rest % 97, 97 - (2_000_000_000 + rest) % 97}


def _is_pl_pesel(number: str) -> bool:
    return _weighed(number, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def _is_se_person(number: str) -> bool:
    number = number.replace("+", "")[-10:]
    return _is_date("2000", number[2:4], number[4:6]) and has_luhn_digit(number)


def _is_fi_person(number: str) -> bool:
    letters = "0123456789ABCDEFHJKLMNPRSTUVWXY"
    digits = number[:6] + number[-4:-1]
    is_date = _is_date("2000", digits[2:4], digits[:2])
    return is_date and letters[int(digits) % 31] == number[-1]


def _is_ch_ahv(number: str) -> bool:
    return _weighed(number, (1, 3) * 6 + (1,)) % 10 == 0


def _is_br_cpf(number: str) -> bool:
    for length in (9, 10):
        check = _weighed(number[:length], range(length + 1, 1, -1)) * 10 % 11 % 10
        if check != int(number[length]):
            return False
    return len(set(number)) > 1


def _is_cn_resident(number: str) -> bool:
    is_date = _is_date(number[6:10], number[10:12], number[12:14])
    weights = [2**power % 11 for power in range(17, 0, -1)]
    return is_date and "10X98765432"[_weighed(number[:17], weights) % 11] == number[17]


def _is_kr_resident(number: str) -> bool:
    weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
    check = (11 - _weighed(number[:12], weights) % 11) % 10
    return _is_date("2000", number[2:4], number[4:6]) and check == int(number[12])


def _is_tr_identity(number: str) -> bool:
    digits = [int(char) for char in number]
    first = (sum(digits[0:9:2]) * 7 - sum(digits[1:8:2])) % 10
    return digits[9] == first and digits[10] == sum(digits[:10]) % 10


_TIMES = [
    [(one + two) % 5 if two < 5 else 5 + (one + two) % 5 for two in range(10)]
    if one < 5
    else [5 + (one - two) % 5 if two < 5 else (one - two) % 5 for two in range(10)]
    for one in range(10)
]
_TURNS = [list(range(10)), [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
for _ in range(6):
    _TURNS.append([_TURNS[-1][one] for one in _TURNS[1]])


def _is_in_aadhaar(number: str) -> bool:
    """Return whether Verhoeff's sum is right, over the turns of a pentagon."""
    check = 0
    for at, char in enumerate(reversed(number)):
        check = _TIMES[check][_TURNS[at % 8][int(char)]]
    return check == 0 and number[0] > "1"


def _number(
    name: str, pattern: str, is_real: Callable[[str], bool], words: str | None = None
) -> NationalNumber:
    return NationalNumber(
        name,
        re.compile(rf"(?i)(?<![\w.,/+-])(?:{pattern})(?![\w/-]|[.,]\d)", re.ASCII),
        is_real,
        re.compile(rf"(?i)\b(?:{words})\b") if words else None,
    )


NATIONAL_NUMBERS = (
    _number(
        "US social security", r"\d{3}([- ])\d\d\1\d{4}", _is_us_ssn,
        "ssn|social security|ss number|social",
    ),
    _number(
        "CA social insurance", r"\d{3}[- ]?\d{3}[- ]?\d{3}", _is_ca_sin,
        "social insurance|sin number|my sin|nas",
    ),
    _number("UK health", r"\d{3}[ -]?\d{3}[ -]?\d{4}", _is_uk_nhs, "nhs"),
    _number(
        "UK national insurance",
        r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]", _is_uk_nino,
        "nino|ni number|national insurance|ni no",
    ),
    _number(
        "DE tax", r"[1-9]\d ?\d{3} ?\d{3} ?\d{3}", _is_de_tax_id,
        r"steuer\W?id\w*|steuernummer|steuerliche\w*|idnr|tax id",
    ),
    _number("DE pension", r"\d\d ?[0-3]\d[01]\d{3} ?[A-Z] ?\d{3}", _is_de_pension),
    _number("ES identity", r"\d{8}[- ]?[A-Z]", _is_es_dni, "dni|nif|documento"),
    _number("ES foreigner", r"[XYZ]-?\d{7}-?[A-Z]", _is_es_dni),
    _number(
        "IT fiscal",
        r"[A-Z]{6} ?\d\d[A-EHLMPRST]\d\d ?[A-Z]\d{3}[A-Z]", _is_it_fiscal,
    ),
    _number(
        "FR social security",
        r"[12] ?\d\d ?(?:0[1-9]|1[0-2]) ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d",
        _is_fr_nir,
    ),
    _number(
        "NL citizen", r"\d{4}\.?\d\d\.?\d{3}", _is_nl_bsn, "bsn|burgerservicenummer"
    ),
    _number("BE register", r"\d\d\.\d\d\.\d\d-\d{3}\.\d\d", _is_be_register),
    _number("PL person", r"\d{11}", _is_pl_pesel, "pesel"),
    _number(
        "SE person", r"(?:19|20)?\d{6}[-+]?\d{4}", _is_se_person,
        "personnummer|personnr|personal number",
    ),
    _number("FI person", r"\d{6}[-+A-F]\d{3}[0-9A-Y]", _is_fi_person),
    _number("CH insurance", r"756\.\d{4}\.\d{4}\.\d\d", _is_ch_ahv),
    _number("BR person", r"\d{3}\.\d{3}\.\d{3}-\d\d", _is_br_cpf),
    _number("CN resident", r"[1-8]\d{5}(?:19|20)\d{9}[\dX]", _is_cn_resident),
    _number("KR resident", r"\d{6}-[1-8]\d{6}", _is_kr_resident),
    _number(
        "IN identity", r"[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}", _is_in_aadhaar,
        "aadhaar|aadhar|uidai|आधार",
    ),
    _number(
        "TR identity", r"[1-9]\d{10}", _is_tr_identity, "tckn|tc kimlik|kimlik|t.c.",
    ),
)  # fmt: skip
"""Every kind that is known."""
