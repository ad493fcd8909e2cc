"""How good a whole draft is, by what its kind declares."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.meaning.meanings import NO_MEANINGS
from content.drafting import Brief
from content.grammar import grammar_part
from content.originality import copying_part, originality_part
from content.quality import Score, score_text
from content.relevance import relevance_part

if TYPE_CHECKING:
    from content.kinds.kind import PostKind

__all__ = ["score_draft"]


async def score_draft(
    kind: "type[PostKind]", brief: Brief, text: str, *, told: Sequence[str] = ()
) -> Score:
    """Score a draft against its brief.

    `text` is what is to be judged of it: what the model wrote, or all of it. `told` are
    texts in it that the kind itself repeats, which do not count as told before.
    """
    language, meanings = brief.language, brief.meanings
    whole = score_text(
        text,
        language=language,
        min_words=round(kind.min_words * brief.scale),
        max_words=round(kind.max_words * max(1.0, brief.scale)),
        is_quoted=kind.is_quoted,
    )
    topic = brief.topic if kind.is_about_topic else ""
    # What others say may well be near what others said.
    compares = NO_MEANINGS if kind.is_quoted else meanings
    parts = [
        *whole.parts,
        await relevance_part(text, topic, language=language, meanings=meanings),
        await originality_part(
            text, brief.earlier, told=told, language=language, meanings=compares
        ),
    ]
    if brief.outside and not kind.is_quoted:
        sources = [brief.outside]
        parts.append(copying_part(text, sources, topic=brief.topic, language=language))
    has_grammar = kind.is_prose and not kind.is_quoted
    grammar = await grammar_part(text, language) if has_grammar else None
    return Score((*parts, grammar) if grammar else tuple(parts))
