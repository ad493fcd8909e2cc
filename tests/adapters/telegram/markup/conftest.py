"""What Telegram demands of a text with entities, and texts to try it on."""

import re
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.telegram.entities import Entity, Kind, Rendered

QUOTES = {Kind.BLOCKQUOTE, Kind.EXPANDABLE_BLOCKQUOTE}
CODE = {Kind.CODE, Kind.PRE}
CONTINUOUS = {Kind.TEXT_LINK, *CODE}

# The specification is under another licence, so it is no part of the project: `make
# test` fetches the package that has it.
SPECIFICATION = Path(sys.prefix) / "share" / "commonmark" / "commonmark-0.9.1.tar.gz"
EXAMPLE = re.compile(r"^`{32} example\n(.*?)^\.\n", re.MULTILINE | re.DOTALL)


def entity_text(rendered: Rendered, entity: Entity) -> str:
    """Return what an entity marks; fails where it cuts a character in two."""
    units = rendered.text.encode("utf-16-le")
    return units[2 * entity.offset : 2 * entity.end].decode("utf-16-le")


def check_rendered(rendered: Rendered) -> None:
    """Fail where Telegram would refuse or change something."""
    text, entities = rendered.text, rendered.entities
    assert text == text.strip("\n")
    assert text == text.rstrip()
    assert list(entities) == sorted(entities, key=lambda e: (e.offset, -e.length))
    assert len(set(entities)) == len(entities)
    for entity in entities:
        assert 0 <= entity.offset < entity.end <= rendered.units
        marked = entity_text(rendered, entity)
        assert marked == marked.rstrip() != ""
        assert entity.type in QUOTES | {Kind.PRE} or marked == marked.strip()
        assert bool(entity.url) == (entity.type is Kind.TEXT_LINK)
        assert entity.type is Kind.PRE or not entity.language
    open_entities: list[Entity] = []
    for entity in entities:
        open_entities = [outer for outer in open_entities if outer.end > entity.offset]
        for outer in open_entities:
            check_nesting(outer, entity)
        open_entities.append(entity)


def check_nesting(outer: Entity, inner: Entity) -> None:
    assert inner.end <= outer.end, "overlap"
    assert outer.type is not inner.type
    assert outer.type not in CODE, "code holds nothing"
    assert inner.type not in QUOTES, "nothing holds a quote"
    assert inner.type not in CODE or outer.type in QUOTES, "only quotes hold code"
    assert not {outer.type, inner.type} <= CONTINUOUS


@pytest.fixture(scope="session")
def check() -> Callable[[Rendered], None]:
    return check_rendered


@pytest.fixture(scope="session")
def marked() -> Callable[[Rendered], list[tuple[str, str]]]:
    """A function for the kind of each entity and what it marks."""
    return lambda rendered: [
        (entity.type.value, entity_text(rendered, entity))
        for entity in rendered.entities
    ]


def letters_of(text: str) -> str:
    """Return the letters and digits of a text."""
    return "".join(character for character in text if character.isalnum())


def all_letters(rendered: Rendered) -> str:
    """Return the letters of a text, of its languages and of where its links lead."""
    units = rendered.text.encode("utf-16-le")
    notes = [(entity.end, entity.url) for entity in rendered.entities]
    for entity in rendered.entities:
        before = units[: 2 * entity.offset].decode("utf-16-le")
        # What stands behind a language in the source is shown in the line above.
        line = before.rstrip("\n").rpartition("\n")[0].encode("utf-16-le")
        notes += [(len(line) // 2, entity.language), (entity.offset, entity.language)]
    parts: list[str] = []
    start = 0
    for position, note in sorted(notes):
        parts += [units[2 * start : 2 * position].decode("utf-16-le"), note]
        start = position
    return letters_of("".join(parts) + units[2 * start :].decode("utf-16-le"))


def lost_letters(source: str, rendered: Rendered) -> str:
    """Return the letters of a source from the first on that is not shown, in order."""
    shown = iter(all_letters(rendered))
    letters = letters_of(source)
    for index, letter in enumerate(letters):
        if letter not in shown:
            return letters[index:]
    return ""


@pytest.fixture(scope="session")
def lost() -> Callable[[str, Rendered], str]:
    return lost_letters


@pytest.fixture(scope="session")
def examples() -> list[str]:
    """The input of every example of the CommonMark specification (0.29), in order."""
    if not SPECIFICATION.exists():
        pytest.skip(f"{SPECIFICATION} is fetched by `make test`")
    with tarfile.open(SPECIFICATION) as archive:
        member = archive.extractfile("commonmark-0.9.1/spec.txt")
        assert member is not None
        text = member.read().decode("utf-8")
    found = [source.replace("→", "\t")[:-1] for source in EXAMPLE.findall(text)]
    assert len(found) == 649
    return found
