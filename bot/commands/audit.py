"""/audit: what moderators and the bot did, and whether that was tampered with."""

from dataclasses import replace

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.errors import UserError
from bot.messages import Attachment, Role
from bot.preferences import community_key
from bot.store.audit import AuditRepository, AuditRow, Checked, Fault
from bot.words import T, Text, Tn, Words

__all__ = ["FAULTS", "audit_command"]

SHOW, VERIFY, EXPORT = "show", "verify", "export"
NUM_SHOWN, MOST_SHOWN = 10, 50

FAULTS = {
    Fault.CHANGED: T("Row {n} was changed."),
    Fault.MISSING: T("Row {n} is missing."),
    Fault.OUT_OF_ORDER: T("Row {n} is not where it was written."),
    Fault.FOREIGN: T("Row {n} was not written by me."),
    Fault.END_LOST: T("Row {n} is the last, but my note of where I ended is gone."),
}


def audit_command(audit: AuditRepository, words: Words) -> Command:
    """Return the command that shows, checks and hands out the audit."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        what = arguments.get("what", SHOW)
        is_owner = context.author.role is Role.OWNER
        if what == SHOW:
            number = min(max(1, int(arguments.get("number", NUM_SHOWN))), MOST_SHOWN)
            community = None if is_owner else community_key(context.channel)
            rows = await audit.latest(number, community=community)
            if not rows:
                return Answer(T("Nothing was done yet that is kept here."))
            return Answer("\n".join(map(_line, rows)))
        if not is_owner:
            raise UserError(T("Only the owner of this bot may do that."))
        if what == VERIFY:
            said = [
                words.say(text, context.language)
                for text in _found(await audit.verify())
            ]
            return Answer("\n".join(said))
        content = await audit.export()
        file = Attachment("audit.jsonl", "application/jsonl", content)
        return Answer(T("Here is everything, a row a line."), attachments=(file,))

    return Command(
        name="audit",
        summary=T("Show what moderators and I did, or check that it is unchanged."),
        parameters=(
            Parameter(
                "what",
                T("show, or for the owner verify or export."),
                choices=lambda: (SHOW, VERIFY, EXPORT),
            ),
            Parameter(
                "number",
                T("How many of the latest to show."),
                ParameterType.INTEGER,
            ),
        ),
        run=run,
        min_role=Role.MODERATOR,
    )


def _found(checked: Checked) -> tuple[Text, ...]:
    whole = Tn(
        "{n} row is as I wrote it.", "{n} rows are as I wrote them.", n=checked.num_rows
    )
    flaw = checked.flaw
    if flaw is None:
        return (T("Nobody changed anything."), whole)
    return (
        replace(FAULTS[flaw.fault], values=(("n", flaw.number),)),
        whole,
        T("Compare with a backup or an earlier export to see what was there."),
    )


def _line(row: AuditRow) -> str:
    entry = row.entry
    who = f"{entry.actor_name} ({entry.actor})" if entry.actor else entry.actor_name
    facts = ", ".join(f"{name}: {value}" for name, value in entry.facts.items())
    parts = (f"{row.at_utc:%Y-%m-%d %H:%M} UTC", who, entry.what, f"`{entry.subject}`")
    shown = " · ".join(part for part in (*parts, facts) if part)
    return f"- {row.number} · {shown}"
