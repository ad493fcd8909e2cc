import pytest

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.commands.registry import Registry, is_command
from bot.errors import UserError
from bot.messages import Author, Channel, Role
from bot.words import T, Words

CHANNEL = Channel(platform="fake", id="general", community_id="c")


def context(role: Role = Role.MEMBER) -> CommandContext:
    return CommandContext(Author(id="1", name="Ada", role=role), CHANNEL, "en")


async def echo(context: CommandContext, arguments: Arguments) -> Answer:
    return Answer(repr(dict(arguments)))


def command(
    name: str = "echo", *parameters: Parameter, min_role: Role = Role.MEMBER
) -> Command:
    return Command(name, T("Say it back."), echo, parameters, min_role)


def registry(*commands: Command) -> Registry:
    return Registry(commands, Words({}))


WORD = Parameter("word", T("A word."))
REQUIRED = Parameter("word", T("A word."), is_required=True)
NUMBER = Parameter("number", T("A number."), ParameterType.INTEGER)
REST = Parameter("rest", T("The rest."), ParameterType.REST)
SIZE = Parameter("size", T("A size."), ParameterType.INTEGER, is_named=True)
TONE = Parameter("tone", T("A tone."), choices=lambda: ("dark",), is_named=True)
COLOUR = Parameter("colour", T("A colour."), choices=lambda: ("red", "blue"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/nothing", "There is no such command."),
        ("/", "There is no such command."),
        ("", "There is no such command."),
        ("/need", "Use it like this: /need <word>"),
        ("/none too much", "Use it like this: /none"),
        ("/count many", "“many” is not a whole number."),
        ("/paint green", "There is no “green”. You can choose: red, blue."),
    ],
)
async def test_run_with_a_wrong_line_says_how_it_is_meant(line: str, said: str) -> None:
    commands = registry(
        command("need", REQUIRED),
        command("none"),
        command("count", NUMBER),
        command("paint", COLOUR),
    )
    with pytest.raises(UserError, match=said.replace("?", r"\?")):
        await commands.run(line, context())


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("needed", list(Role))
async def test_run_asks_for_the_role_when_it_is_run(role: Role, needed: Role) -> None:
    commands = registry(command("steer", min_role=needed))
    if role >= needed:
        assert (await commands.run("/steer", context(role))).text == "{}"
    else:
        with pytest.raises(UserError, match="Only"):
            await commands.run("/steer", context(role))


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        ("/echo", {}),
        ("/ECHO hello", {"word": "hello"}),
        ("/echo@HearthBot hello", {"word": "hello"}),
        ('/echo "two words"', {"word": "two words"}),
        ("/echo “two words”", {"word": "two words"}),
        ("/echo one 2", {"word": "one", "number": 2}),
        ("/echo one 2  all  the rest ", None),
        ('/echo ""', {"word": ""}),
    ],
)
async def test_run_reads_words_and_quotes(
    line: str, arguments: dict[str, str | int] | None
) -> None:
    parameters = (WORD, NUMBER) if arguments is not None else (WORD, NUMBER, REST)
    expected = arguments or {"word": "one", "number": 2, "rest": "all  the rest"}
    answer = await registry(command("echo", *parameters)).run(line, context())
    if arguments == {}:
        expected = {}
    assert answer.text == repr(expected)


async def test_run_leaves_the_rest_of_a_line_as_it_is() -> None:
    commands = registry(command("say", REST))
    answer = await commands.run('/say  He said  "no"\nand left ', context())
    assert answer.text == repr({"rest": 'He said  "no"\nand left'})


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        ("/say one  word", {"rest": "one  word"}),
        ("/say Size=2 one  word", {"size": 2, "rest": "one  word"}),
        ("/say tone=dark size=2 x=3", {"tone": "dark", "size": 2, "rest": "x=3"}),
        ("/say size=2 size=3 x", {"size": 2, "rest": "size=3 x"}),
        ("/say one size=2", {"rest": "one size=2"}),
        ("/say size=2", {"size": 2}),
    ],
)
async def test_run_reads_what_is_named_before_all_else(
    line: str, arguments: dict[str, str | int]
) -> None:
    commands = registry(command("say", REST, SIZE, TONE))
    assert (await commands.run(line, context())).text == repr(arguments)


async def test_run_says_what_is_wrong_with_what_is_named() -> None:
    commands = registry(command("say", REST, SIZE, TONE))
    with pytest.raises(UserError, match=r"/say .size=….*.tone=….*.rest."):
        await commands.run("/say size=big", context())
    with pytest.raises(UserError, match="There is no “”"):
        await commands.run("/say tone= x", context())


async def test_role_is_enough_where_the_channel_asks_for_no_more() -> None:
    async def least(command: Command, channel: Channel) -> Role:
        return Role.OWNER if channel.id == "strict" else command.min_role

    commands = Registry((command(min_role=Role.MODERATOR),), Words({}), least=least)
    strict = Channel(platform="fake", id="strict", community_id="c")
    assert await commands.may_run("echo", Role.MODERATOR, CHANNEL)
    assert not await commands.may_run("echo", Role.MEMBER, CHANNEL)
    assert not await commands.may_run("echo", Role.MODERATOR, strict)
    assert not await commands.may_run("nothing", Role.OWNER, CHANNEL)


def test_registry_refuses_two_commands_of_one_name() -> None:
    with pytest.raises(ValueError, match="same name"):
        registry(command("twice"), command("twice"))
    with pytest.raises(ValueError, match="same name"):
        registry(command("help"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/help", True),
        ("/help me", True),
        ("/help@bot", True),
        ("/ help", False),
        ("/usr/bin/env is a path", False),
        ("either/or", False),
        ("//", False),
        ("", False),
    ],
)
def test_is_command_knows_a_command_from_a_path(text: str, expected: bool) -> None:
    assert is_command(text) is expected


async def test_help_lists_only_what_the_role_may_run() -> None:
    commands = registry(command("talk", WORD), command("steer", min_role=Role.OWNER))
    member = str((await commands.run("/help", context())).text)
    assert "`/talk [word]` · Say it back." in member
    assert "steer" not in member
    owner = str((await commands.run("/help", context(Role.OWNER))).text)
    assert "steer" in owner


async def test_help_explains_one_command_with_its_choices() -> None:
    commands = registry(command("paint", COLOUR))
    page = str((await commands.run("/help paint", context())).text)
    assert "`colour` · A colour. (red, blue)" in page
    assert page == str((await commands.run("/help /paint", context())).text)


async def test_help_for_a_command_above_the_role_says_there_is_none() -> None:
    commands = registry(command("steer", min_role=Role.MODERATOR))
    with pytest.raises(UserError, match="no such command"):
        await commands.run("/help steer", context())
