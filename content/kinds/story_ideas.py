"""Whether the idea of a story was told before, with other people in it."""

from bot.store.stories import StorySoFar
from content.drafting import Brief
from content.nearness import nearest
from content.sentences import overlap, stems

__all__ = ["was_told"]

SAME_IDEA = 0.72
"""Three plots retold were 0.80 to 0.84 near the first telling; no other pair of twenty
was nearer than 0.65 (docs/log.md)."""
SAME_WORDS = 0.5


async def was_told(story: StorySoFar, brief: Brief) -> bool:
    """Return whether an earlier story had this plot, whoever was in it."""
    own = _idea(story)
    told = list(dict.fromkeys(map(_idea, brief.stories)))
    if any(overlap(stems(own), stems(one)) >= SAME_WORDS for one in told):
        return True
    near = await nearest(brief.meanings, [own], told, language=brief.language)
    return near is not None and near[0] >= SAME_IDEA


def _idea(story: StorySoFar) -> str:
    """Return the plot without its people and its place."""
    text = " ".join(" ".join(story.plot).split())
    for name in story.characters:
        text = text.replace(name, "")
    return " ".join(text.split())
