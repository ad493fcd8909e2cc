"""/persona: how the bot speaks in a channel, and the community's own personas."""

from dataclasses import dataclass

from bot.avatars import Avatars
from bot.choices import no_such_choice
from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.commands.judged import judged_text
from bot.errors import UserError
from bot.messages import Attachment, Button, Role
from bot.owner import owner_of
from bot.personas import ACTIONS, OwnPersona, Persona
from bot.preferences import Preferences, community_key
from bot.safety.filter import FilterChain
from bot.words import T, Text, Words

__all__ = ["persona_command"]

FREE = ("list", "show")
"""What members may do, too."""


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the command works with."""

    preferences: Preferences
    chain: FilterChain
    words: Words
    avatars: Avatars

    async def picture(
        self, context: CommandContext, persona: Persona
    ) -> tuple[Attachment, ...]:
        """Return the picture of a persona, if there is one."""
        found = await self.avatars.of(context.channel, persona)
        return () if found is None else (found,)


def persona_command(
    preferences: Preferences, chain: FilterChain, words: Words, avatars: Avatars
) -> Command:
    """Return the command that shows, chooses, writes and draws personas."""
    desk = _Desk(preferences, chain, words, avatars)

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        what = str(arguments.get("what", "list"))
        name, text = str(arguments.get("name", "")), str(arguments.get("text", ""))
        if what not in ACTIONS:  # `/persona hearth` is how it was always chosen
            await _found(desk, context, what)
            what, name = "use", what
        if what not in FREE and context.author.role < Role.MODERATOR:
            raise UserError(T("Only moderators may choose another persona."))
        if what == "list":
            return await _list(desk, context)
        if not name:
            raise UserError(
                T("Say which one: /persona {what} name", what=what),
            )
        if what == "show":
            return await _show(desk, context, name)
        if what == "use":
            return await _use(desk, context, name)
        if what == "redraw":
            return await _redraw(desk, context, name, text)
        return await _write(desk, context, what, name, text)

    return Command(
        name="persona",
        summary=T("Show, choose or write how I speak in this channel."),
        parameters=(
            Parameter(
                "what",
                T("A persona; or {actions}.", actions=", ".join(ACTIONS)),
                suggestions=lambda: (*preferences.personas.configured, *ACTIONS),
            ),
            Parameter("name", T("The persona's name.")),
            Parameter(
                "text",
                T(
                    "With add and edit how I am to speak, with greet my first words, "
                    "with redraw what my picture shows."
                ),
                ParameterType.REST,
            ),
        ),
        run=run,
        steers=True,
        judges_itself=True,
    )


async def _list(desk: _Desk, context: CommandContext) -> Answer:
    persona = await desk.preferences.persona(context.channel)
    names = await desk.preferences.personas.names(community_key(context.channel))
    return Answer(
        T(
            "Here I am “{name}”. You can choose: {choices}.",
            name=persona.name,
            choices=", ".join(names),
        ),
        attachments=await desk.picture(context, persona),
    )


async def _show(desk: _Desk, context: CommandContext, name: str) -> Answer:
    """Say what a persona is; what a model is told, only to those who wrote it."""
    community = community_key(context.channel)
    persona = await _found(desk, context, name)
    lines = [f"“{persona.name}”", persona.summary]
    if context.author.role < Role.MODERATOR:
        return Answer(
            "\n".join(filter(None, [*lines, persona.greeting])),
            attachments=await desk.picture(context, persona),
        )
    own = (await desk.preferences.personas.own(community)).get(name)
    if own is not None:
        lines.append(own.prompt)
    elif context.author.role is Role.OWNER:
        lines.append(persona.prompt)
    lines.append(persona.greeting)
    return Answer(
        "\n\n".join(filter(None, lines)),
        buttons=_buttons(desk, context, name, own),
        attachments=await desk.picture(context, persona),
    )


def _buttons(
    desk: _Desk, context: CommandContext, name: str, own: OwnPersona | None
) -> tuple[Button, ...]:
    def say(text: Text) -> str:
        return desk.words.say(text, context.language)

    use = Button(say(T("Use it here")), f"/persona use {name}")
    draw = Button(say(T("Draw it anew")), f"/persona redraw {name}")
    drawing = (draw,) if desk.avatars.can_draw else ()
    if own is None:
        return (use, *drawing)
    edit = Button(
        say(T("Edit")),
        f"/persona edit {name}",
        asks=say(T("How am I to speak?")),
        prefill=own.prompt,
    )
    remove = Button(say(T("Remove")), f"/persona remove {name}")
    return (use, edit, *drawing, remove)


async def _use(desk: _Desk, context: CommandContext, name: str) -> Answer:
    persona = await _found(desk, context, name)
    await desk.preferences.set_persona(context.channel, name)
    desk.avatars.chosen()
    said: Text = T("From now on I am “{name}” here.", name=name)
    if not persona.greeting:
        return Answer(said, is_private=False)
    told = desk.words.say(said, context.language)
    greeted = f"{told}\n\n{persona.greeting}"
    return Answer(greeted, is_private=False)


async def _redraw(desk: _Desk, context: CommandContext, name: str, text: str) -> Answer:
    persona = await _found(desk, context, name)
    picture = await desk.avatars.redraw(
        context.channel,
        persona,
        await judged_text(desk.chain, text, context) if text else "",
        owner=owner_of(context.channel, context.author),
    )
    return Answer(T("That is “{name}” now.", name=name), attachments=(picture,))


async def _write(
    desk: _Desk, context: CommandContext, what: str, name: str, text: str
) -> Answer:
    """Add, change or remove one of the community's own."""
    personas, community = desk.preferences.personas, community_key(context.channel)
    if what == "remove":
        await personas.remove(community, name)
        await desk.avatars.changed()
        return Answer(
            T("“{name}” is removed. Where I was it, I am the default again.", name=name)
        )
    if what == "add":
        personas.check_name(name)
        await personas.add(community, name, await _kept(desk, context, text))
        return Answer(
            T("“{name}” is there: /persona use {name}", name=name),
            buttons=_buttons(desk, context, name, OwnPersona(text)),
        )
    before = await personas.one_of(community, name)
    prompt, greeting = (
        (before.prompt, text) if what == "greet" else (text, before.greeting)
    )
    written = await _kept(desk, context, prompt, greeting)
    await personas.change(community, name, written)
    return Answer(T("“{name}” is changed.", name=name))


async def _kept(
    desk: _Desk, context: CommandContext, prompt: str, greeting: str = ""
) -> OwnPersona:
    """Return what may be kept of what was written.

    Raises:
        UserError: it is empty, too long, or the filters refuse it.
    """
    OwnPersona(prompt, greeting).check()
    return OwnPersona(
        await judged_text(desk.chain, prompt, context),
        await judged_text(desk.chain, greeting, context) if greeting else "",
    )


async def _found(desk: _Desk, context: CommandContext, name: str) -> Persona:
    """Return the persona of a name.

    Raises:
        UserError: there is none; the text says which there are.
    """
    personas, community = desk.preferences.personas, community_key(context.channel)
    persona = await personas.find(community, name)
    if persona is None:
        raise no_such_choice(name, await personas.names(community))
    return persona
