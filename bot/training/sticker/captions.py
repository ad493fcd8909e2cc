"""What is said of a concept: many captions to learn from, and prompts held back.

Of the concepts with words enough, 200 have one set of keywords each that is never
drawn for training together, and wordings that no caption uses.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from bot.training.sticker.pictures import Concept

__all__ = ["Held", "captions_of", "hold_back"]

NUM_HELD = 200
NUM_KEYWORDS = 3
FEWEST_TAGS = 4
NAMED = (
    "{name}",
    "{name}",
    "a {name}",
    "{name} emoji",
    "{name} sticker",
    "a sticker of {name}",
    "a 3D {name}",
)
WORDINGS = (
    *NAMED,
    "{name}, {group}",
    "{name}, {tag}",
    "{name}, {tag}, {other}",
)
UNSEEN_WORDINGS = (
    "draw {name} for me please",
    "I would like a cute picture of {name}",
    "can you make {name} for our chat?",
    "an icon that shows {name}",
)


@dataclass(frozen=True, slots=True)
class Held:
    """Prompts that no training saw.

    Attributes:
        concept: the number of the concept that should come.
        wording: its name in words around it that are never trained.
        keywords: some of its tags without its name, never trained together; no other
            concept has all of them.
    """

    concept: int
    wording: str
    keywords: str

    @property
    def together(self) -> frozenset[str]:
        """Return the keywords as a set."""
        return frozenset(self.keywords.split(", "))


def hold_back(
    concepts: Sequence[Concept], *, seed: int, num: int = NUM_HELD
) -> list[Held]:
    """Return what is held back; the same for the same seed."""
    chance = random.Random(f"{seed}:held")  # noqa: S311 (no secret)
    order = list(range(len(concepts)))
    chance.shuffle(order)
    tags = [frozenset(concept.tags) for concept in concepts]
    held: list[Held] = []
    for number in order:
        mine = sorted(tags[number])
        if len(held) == num or len(mine) < FEWEST_TAGS:
            continue
        # Some words, such as "face", say little: the rare ones are tried first.
        for _ in range(8):
            chosen = frozenset(chance.sample(mine, NUM_KEYWORDS))
            if sum(chosen <= others for others in tags) == 1:
                name = concepts[number].name
                wording = chance.choice(UNSEEN_WORDINGS).format(name=name)
                held.append(Held(number, wording, ", ".join(sorted(chosen))))
                break
    return held


def captions_of(
    concept: Concept, chance: random.Random, *, num: int, held: Held | None = None
) -> list[str]:
    """Return so many captions; none has all the keywords that are held back."""
    forbidden = held.together if held is not None else frozenset({""})
    captions = [concept.name]
    while len(captions) < num:
        tags = list(concept.tags)
        chance.shuffle(tags)
        if tags and chance.random() < 0.3:
            said = tags[: chance.randint(2, 5)]
            if not forbidden <= set(said):
                captions.append(", ".join(said))
            continue
        wording = chance.choice(WORDINGS if tags and concept.group else NAMED)
        captions.append(
            wording.format(
                name=concept.name,
                group=concept.group,
                tag=tags[0] if tags else "",
                other=tags[-1] if tags else "",
            )
        )
    return captions
