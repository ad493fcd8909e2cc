"""/style: what the community's pictures and covers look like."""

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.community_style import MAX_LINE, CommunityStyles, read_palette
from bot.errors import UserError
from bot.messages import Role
from bot.safety.filter import FilterChain, Subject
from bot.safety.verdict import Stage
from bot.words import T, Text

__all__ = ["style_command"]

ACTIONS = ("show", "line", "palette", "clear")


def style_command(styles: CommunityStyles, chain: FilterChain) -> Command:
    """Return the command with which moderators choose the community's style."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        action = str(arguments.get("action", "show"))
        rest = str(arguments.get("rest", "")).strip()
        if action == "line":
            line = await _judged(chain, context, " ".join(rest.split()))
            await styles.set_line(context.channel, line)
        elif action == "palette":
            await styles.set_palette(context.channel, read_palette(rest))
        elif action == "clear":
            await styles.clear(context.channel)
        return Answer(await _shown(styles, context))

    return Command(
        name="style",
        summary=T("Show or choose what our pictures and covers look like."),
        parameters=(
            Parameter("action", T("What to do."), choices=lambda: ACTIONS),
            Parameter(
                "rest",
                T(
                    "For line: a few words such as “flat shapes, soft light”. For "
                    "palette: one to three colours such as #b8471f."
                ),
                ParameterType.REST,
            ),
        ),
        min_role=Role.MODERATOR,
        run=run,
    )


async def _judged(chain: FilterChain, context: CommandContext, line: str) -> str:
    """Return a line as the filters leave it: it goes into all that is drawn."""
    if not line or len(line) > MAX_LINE:
        raise UserError(
            T("Say in 1 to {max} letters what pictures are to look like.", max=MAX_LINE)
        )
    judgement = await chain.judge(
        Subject(line, Stage.OUTPUT, context.channel, context.author)
    )
    if judgement.is_blocked:
        reason = judgement.verdict.reason or judgement.verdict.category
        raise UserError(T("That line was refused: {reason}", reason=reason))
    return judgement.text


async def _shown(styles: CommunityStyles, context: CommandContext) -> Text:
    style = await styles.of(context.channel)
    if not style.words:
        return T("Our pictures look as the model likes.")
    return T(
        "In every picture: “{words}”\nPalette: {palette}",
        words=style.words,
        palette=" ".join(style.palette) or "–",
    )
