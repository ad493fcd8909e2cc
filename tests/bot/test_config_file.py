import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Config
from bot.config_file import config_reference, load_config, resolve_path, secret
from bot.config_reference import sections
from bot.errors import ConfigError

SHIPPED = Path(__file__).parents[2] / "config.toml"
SCHEDULE = '[[schedule]]\nid = "a"\nchannels = ["web:x"]\ntopics = ["t"]\n'
SOURCE = '[[schedule]]\nid = "a"\nchannels = ["web:x"]\n'
DAILY = "cron = '0 9 * * *'\n"


def refused(folder: Path, text: str, **environ: str) -> str:
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(path, environ)
    assert caught.value.__cause__ is None or not text
    return str(caught.value)


def loaded(folder: Path, text: str, **environ: str) -> Config:
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return load_config(path, environ)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[bot]\nnmae = 1", "[bot] has no “nmae”. Did you mean “name”?"),
        ("[bott]\nname = 1", "there is no table [bott]. Did you mean [bot]?"),
        ("[models.caht]", "[models] has no “caht”. Did you mean “chat”?"),
        ("[bot]\nport = 1", "[bot] has no “port”. It belongs into [adapters.web]."),
        ("_env_file = 'x'", "there is no table [_env_file]."),
        (
            "[personas.hearth]\nprompt = 'x'\nprom = 'y'",
            "[personas.hearth] has no “prom”. Did you mean “prompt”?",
        ),
        (f"{SCHEDULE}crn = 'x'", "[[schedule]] #1 has no “crn”. Did you mean “cron”?"),
    ],
)
def test_load_config_with_unknown_key_names_the_nearest(
    tmp_path: Path, text: str, said: str
) -> None:
    assert said in refused(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[bot]\nname = 3", "[bot] name = 3: it must be text in quotes."),
        ("[bot]\nname = ''", '[bot] name = "": it must not be empty.'),
        ("bot = 3", "[bot] = 3: it must be a table."),
        ("[engine]\nmax_parallel = 0", "max_parallel = 0: it must be 1 or more."),
        ("[engine]\nmax_parallel = 'x'", 'max_parallel = "x": it must be a whole nu'),
        ("[engine]\ndrain_s = nan", "drain_s = NaN: it must be 0.0 or more"),
        ("[models.chat]\ntop_p = 0", "top_p = 0: it must be more than 0.0."),
        ("[models.chat]\ntop_p = 'x'", 'top_p = "x": it must be a number.'),
        ("[models.chat]\ntop_p = 2", "top_p = 2: it must be 1.0 or less."),
        ("[models.chat]\nbackend = 'x'", "allowed are 'auto', 'transformers'"),
        ("[adapters.web]\nenabled = 'x'", "it must be true or false."),
        ("[adapters.web]\nrooms = []", "[adapters.web] rooms: it must not be empty."),
        ("[adapters.web]\nrooms = 'x'", "it must be a list"),
        ("[adapters.web]\nrooms = ['A b']", 'rooms #1 = "A b": use up to 32'),
        ("[adapters.web]\ntalk_rooms = ['x']", "“x” is not one of the rooms"),
        ("[bot]\ntimezone = 'Mars'", "use a name such as Europe/Berlin"),
        ("[bot]\ntimezone = '../x'", "use a name such as Europe/Berlin"),
        ("[bot]\npersona = 'x'", '[bot] persona = "x": there is no [personas.x].'),
        ("personas = 3", "[personas] = 3: it must be a table."),
        ("[personas.'A b']\nprompt = 'x'", "[personas] A b"),
        ("[personas.x]\nsummary = 'x'", "[personas.x] prompt must be given."),
        (SCHEDULE, "[[schedule]] #1: give exactly one of cron, every_minutes"),
        (f"{SCHEDULE}cron = '* *'", '[[schedule]] #1 cron = "* *": it has five fields'),
        (f"{SCHEDULE}at_utc = 2026-01-01", "at_utc"),
        (f"{SCHEDULE}at_utc = 2026-01-01T10:00:00", "give a time in UTC"),
        (f"{SCHEDULE}at_utc = 'x'", "it must be a date and time"),
        (f"{SCHEDULE}cron='* * * * *'\npersona = 'x'", "there is no [personas.x]"),
        (
            f"{SCHEDULE}every_minutes = 1\n{SCHEDULE}every_minutes = 1",
            "[schedule]: two entries have the same id.",
        ),
        (
            "[[schedule]]\nid = 'a'\nchannels = ['x']\ntopics = ['t']\ncron = '0'",
            'channels #1 = "x": write platform:channel',
        ),
        (f"[bot]\nname = {'x' * 99!r}\nlanguage = {['x' * 99]!r}", "language"),
        (f"{SOURCE}cron = '0 9 * * *'", "topics: it must not be empty."),
        (f"{SOURCE}{DAILY}source = 'lists'", "allowed are 'list', 'feeds', 'folder'"),
        (f"{SOURCE}{DAILY}source = 'feeds'", "feeds: it must not be empty."),
        (f"{SOURCE}{DAILY}source = 'folder'", "folder: it must not be empty."),
        (
            f"{SOURCE}{DAILY}topics = ['t']\nfolder = 'x'",
            'folder = "x": it counts only with source = “folder”.',
        ),
        (
            f"{SOURCE}{DAILY}source = 'folder'\nfolder = 'x'\nfeeds = ['https://a.b/']",
            "feeds: it counts only with source = “feeds”.",
        ),
        *(
            (
                f"{SOURCE}{DAILY}source = 'feeds'\nfeeds = [{address!r}]",
                f'feeds #1 = "{address}": write an address such as https://',
            )
            for address in ("example.org", "ftp://a.b/", "http://", "http://[a", "")
        ),
        (
            "[[schedule]]\nid = 'a'\nchannels = ['web:x', 'web:y']\n"
            f"{DAILY}source = 'activity'",
            "channels: what one channel talked about is for that channel",
        ),
    ],
)
def test_load_config_with_wrong_value_says_what_is_allowed(
    tmp_path: Path, text: str, said: str
) -> None:
    assert said in refused(tmp_path, text)


@pytest.mark.parametrize(
    "address", ["https://ann:s3cret@a.b/", "ftp://ann:s3cret@a.b", "ann:s3cret@a.b"]
)
def test_load_config_with_a_password_in_an_address_does_not_show_it(
    tmp_path: Path, address: str
) -> None:
    said = refused(tmp_path, f"{SOURCE}{DAILY}source = 'feeds'\nfeeds = ['{address}']")
    assert "feeds: an address must have no name or password in it." in said
    assert "s3cret" not in said


def test_load_config_takes_feeds_of_people_with_a_name_in_their_path(
    tmp_path: Path,
) -> None:
    address = "https://blogs.example/feed/@ann"
    text = f"{SOURCE}{DAILY}source = 'feeds'\nfeeds = ['{address}']"
    (schedule,) = loaded(tmp_path, text).schedule
    assert (schedule.source, schedule.feeds) == ("feeds", (address,))


def test_load_config_shortens_a_long_value(tmp_path: Path) -> None:
    assert "xxx…" in refused(tmp_path, f"[bot]\ntimezone = '{'x' * 999}'")


def test_load_config_names_every_problem_on_its_line(tmp_path: Path) -> None:
    said = refused(tmp_path, "[bot]\nnmae = 1\n[engine]\nmax_waiting = 0\ndrain_s = -1")
    assert len(said.splitlines()) == 3
    assert all(line.startswith("config.toml: [") for line in said.splitlines())


@pytest.mark.parametrize(
    "leaked",
    [
        "sk-live-4242424242",
        "hf_abcdefghijklmnopqrstuvwxyz",
        "123456789:AAE-fake-telegram-token-of-no-bot",
        "MTA4.fake.discord",
        "AKIA0FAKE0FAKE0FAKE0",
        "1STDIGIT",
    ],
)
@pytest.mark.parametrize(
    "line",
    ["[models.chat]\napi_key_env = {!r}", "[models.chat]\napi_key = {!r}"],
)
def test_load_config_with_secret_in_the_file_does_not_echo_it(
    tmp_path: Path, line: str, leaked: str
) -> None:
    said = refused(tmp_path, line.format(leaked))
    assert leaked not in said
    assert "api_key_env" in said


def test_load_config_with_broken_toml_says_where(tmp_path: Path) -> None:
    said = refused(tmp_path, "[bot]\nname = 'x' y")
    assert "config.toml is not valid TOML: line 2, column 12:" in said
    assert "TOML: line 2, at the end:" in refused(tmp_path, "[bot]\nname =")


def test_load_config_without_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="every setting has a default"):
        load_config(tmp_path / "config.toml", {})


def test_load_config_of_folder_says_why(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path, {})


def test_load_config_not_in_utf8_says_so(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes("[bot]\nname = 'Hürth'".encode("latin-1"))
    with pytest.raises(ConfigError, match="Save it as UTF-8"):
        load_config(path, {})


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("HEARTHBOT_BOT__NMAE", "HEARTHBOT_BOT__NAME"),
        ("HEARTHBOT_BOT_LANGUAGE", "HEARTHBOT_BOT__LANGUAGE"),
        ("HEARTHBOT_WEB__PORT", "HEARTHBOT_ADAPTERS__WEB__PORT"),
        ("HEARTHBOT_BOT__NAME__FIRST", "HEARTHBOT_BOT__NAME"),
        ("hearthbot_bot__nmae", "HEARTHBOT_"),
    ],
)
def test_load_config_with_unknown_variable_names_the_nearest(
    tmp_path: Path, name: str, near: str
) -> None:
    assert f"{name} is no setting. Did you mean {near}" in refused(
        tmp_path, "", **{name: "x"}
    )


def test_load_config_with_wrong_variable_names_it(tmp_path: Path) -> None:
    said = refused(tmp_path, "", HEARTHBOT_ADAPTERS__WEB__PORT="x")
    assert said.startswith("HEARTHBOT_ADAPTERS__WEB__PORT: [adapters.web] port =")
    said = refused(tmp_path, "", HEARTHBOT_ADAPTERS__WEB__ROOMS="a, b")
    assert said.startswith("HEARTHBOT_ADAPTERS__WEB__ROOMS must be JSON")


def test_load_config_environment_wins(tmp_path: Path) -> None:
    config = loaded(
        tmp_path,
        "[bot]\nname = 'File'\nlanguage = 'de'\n[engine]\nmax_waiting = 7",
        HEARTHBOT_BOT__NAME="Variable",
        HEARTHBOT_ADAPTERS__WEB__PORT="9000",
        HEARTHBOT_ADAPTERS__WEB__ROOMS='["general", "news"]',
        HEARTHBOT_PERSONAS__HEARTH__PROMPT="Hello.",
        HEARTHBOT_SAFETY='{"max_length": 5}',
        PATH="/bin",
    )
    assert type(config) is Config
    assert (config.bot.name, config.bot.language) == ("Variable", "de")
    assert config.engine.max_waiting == 7
    assert config.adapters.web.port == 9000
    assert config.adapters.web.rooms == ("general", "news")
    assert config.personas["hearth"].prompt == "Hello."
    assert config.safety.max_length == 5


def test_load_config_leaves_variables_with_secrets_alone(tmp_path: Path) -> None:
    config = loaded(
        tmp_path,
        "[models.chat]\napi_key_env = 'HEARTHBOT_KEY'",
        HEARTHBOT_KEY="s",
        HEARTHBOT_PASSWORD="s",
        HEARTHBOT_OTHER="s",
        HEARTHBOT_ADAPTERS__WEB__PASSWORD_ENV="HEARTHBOT_OTHER",
        HEARTHBOT_CONFIG="x",
        HEARTHBOT_STARTER_MODEL="x",
    )
    assert config.adapters.web.password_env == "HEARTHBOT_OTHER"


def test_load_config_of_empty_file_is_the_defaults(tmp_path: Path) -> None:
    assert loaded(tmp_path, "") == Config()
    assert loaded(tmp_path, "\ufeff[bot]\nname = 'Hearth'") == Config()


@given(name=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_load_config_takes_any_name(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    text = f'[bot]\nname = "{quoted}"'
    assert loaded(tmp_path_factory.mktemp("any"), text).bot.name == name


@pytest.mark.parametrize(
    ("value", "expected"), [("key", "key"), (" key\n", "key"), ("", None), (" ", None)]
)
def test_secret_is_read_without_space(value: str, expected: str | None) -> None:
    assert secret({"NAME": value}, "NAME") == expected


def test_secret_without_name_or_variable_is_none() -> None:
    assert secret({"": "x"}, "") is None
    assert secret({}, "NAME") is None


def test_resolve_path_is_relative_to_the_file(tmp_path: Path) -> None:
    config_path = tmp_path / "config.toml"
    assert resolve_path(config_path, "data/x") == tmp_path / "data" / "x"
    assert resolve_path(config_path, "/data/x") == Path("/data/x")
    assert resolve_path(config_path, "~/x") == Path.home() / "x"
    assert resolve_path(Path("config.toml"), "x") == Path.cwd() / "x"


def test_shipped_file_has_every_key_under_its_table() -> None:
    missing: list[str] = []
    text = SHIPPED.read_text("utf-8")
    for section in sections(Config):
        title = re.escape(section.title).replace("NAME", r"[a-z]+")
        match = re.search(rf"(?ms)^{title}$(.*?)(?=^\[|\Z)", text)
        assert match, f"config.toml lacks {section.title}"
        missing += [
            f"{section.title} {key}"
            for key in section.keys
            if not re.search(rf"(?m)^(?:# )?{key} = ", match[1])
        ]
    assert missing == []


def test_shipped_file_explains_every_key_above_it() -> None:
    lines = SHIPPED.read_text("utf-8").splitlines()
    first_of_kind = set()
    for above, line in itertools.pairwise(lines):
        key = re.match(r"(\w+) = ", line)
        if key and key[1] not in first_of_kind:
            first_of_kind.add(key[1])
            assert above.startswith("# "), f"{line} is not explained"


def test_shipped_file_is_the_defaults_but_for_personas_and_schedule() -> None:
    config = load_config(SHIPPED, {})
    plain = config.model_copy(update={"personas": Config().personas, "schedule": ()})
    assert plain == Config()
    assert config.personas["hearth"] == Config().personas["hearth"]
    assert len(config.personas) == 3


def test_shipped_file_has_an_article_at_first_start_and_daily() -> None:
    (schedule,) = load_config(SHIPPED, {}).schedule
    assert (schedule.id, schedule.kind) == ("daily-article", "article")
    assert schedule.channels == ("web:announcements",)
    assert schedule.cron == "0 9 * * *"
    assert schedule.at_first_start
    assert len(set(schedule.topics)) >= 12


def test_config_reference_describes_every_key() -> None:
    page = config_reference(Config)
    for section in sections(Config):
        assert f"## `{section.title}`" in page
        for key, field in section.keys.items():
            assert f"| `{key}` |" in page
            assert field.description, f"{section.title} {key} has no description"
            assert field.description.endswith((".", "`.")), key
    assert "| `port` | whole number from 0 to 65535 | `8420` | 0 takes any free" in page
    assert "`HEARTHBOT_ADAPTERS__WEB__PORT`" in page
    assert "| list of text |" in page
    assert "| must be given |" in page
