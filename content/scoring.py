"""How good a whole draft is, by what its kind declares."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.words import T
from content.drafting import Brief
from content.grammar import grammar_part
from content.quality import Part, Score, is_like, score_text
from content.sentences import sentences

if TYPE_CHECKING:
    from content.kinds.kind import PostKind

__all__ = ["score_draft"]

MOST_TOLD = 0.3
"""The share of sentences like earlier ones from which a text was told before."""


async def score_draft(
    kind: "type[PostKind]", brief: Brief, text: str, *, told: Sequence[str] = ()
) -> Score:
    """Score a draft against its brief.

    `text` is what is to be judged of it: what the model wrote, or all of it. `told` are
    texts in it that the kind itself repeats, which do not count as told before.
    """
    whole = score_text(
        text,
        topic=brief.topic if kind.is_about_topic else "",
        language=brief.language,
        min_words=round(kind.min_words * brief.scale),
        max_words=round(kind.max_words * max(1.0, brief.scale)),
        is_quoted=kind.is_quoted,
    )
    parts = [*whole.parts, _originality(text, brief.earlier, told)]
    has_grammar = kind.is_prose and not kind.is_quoted
    grammar = await grammar_part(text, brief.language) if has_grammar else None
    return Score((*parts, grammar) if grammar else tuple(parts))


def _originality(text: str, earlier: Sequence[str], told: Sequence[str]) -> Part:
    known = [sentence for post in earlier for sentence in sentences(post)]
    designed = {sentence for one in told for sentence in sentences(one)}
    own = [sentence for sentence in sentences(text) if sentence not in designed]
    num_told = sum(is_like(sentence, known) for sentence in own)
    share = num_told / max(1, len(own))
    reason = T("it was told before") if share > MOST_TOLD else None
    return Part("originality", 1.0 - share, reason)
