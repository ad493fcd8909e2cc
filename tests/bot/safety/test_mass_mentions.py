import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.filter import Subject
from bot.safety.mass_mentions import BREAK, MassMentions
from bot.safety.verdict import ALLOW, Action, Stage, Verdict

CROWD = " ".join(f"<@{number}>" for number in range(100, 106))


async def harmless(text: str) -> str:
    verdict = await MassMentions().judge(Subject(text, Stage.OUTPUT))
    return text if verdict.text is None else verdict.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@everyone look", f"@{BREAK}everyone look"),
        ("@here", f"@{BREAK}here"),
        ("@EveryOne", f"@{BREAK}EveryOne"),
        ("x@everyone", f"x@{BREAK}everyone"),
        ("@everyonehello", f"@{BREAK}everyonehello"),
        ("`@everyone`", f"`@{BREAK}everyone`"),
        ("<@&123456>", f"<@{BREAK}&123456>"),
        ("Hey @all!", f"Hey @{BREAK}all!"),
        ("@channel, @room and @admins", "@​channel, @​room and @​admins"),
        ("＠everyone", f"@{BREAK}everyone"),
        ("﹫here", f"@{BREAK}here"),
        ("@ｅｖｅｒｙｏｎｅ", f"@{BREAK}ｅｖｅｒｙｏｎｅ"),
        ("@𝐞𝓿𝖊𝗋𝘆𝚘𝓃ⓔ", f"@{BREAK}𝐞𝓿𝖊𝗋𝘆𝚘𝓃ⓔ"),
        ("@\u2060everyone", f"@{BREAK}everyone"),
        ("@\u200b\u200deveryone", f"@{BREAK}everyone"),
        ("@every\u00adone", f"@{BREAK}every\u00adone"),
        ("<@\u200d&1>", f"<@{BREAK}&1>"),
        ("<@&\u200d1>", f"<@{BREAK}&\u200d1>"),
        ("@@everyone", f"@@{BREAK}everyone"),
        ("@every@everyone", f"@every@{BREAK}everyone"),
        (CROWD, CROWD.replace("@", f"@{BREAK}")),
        ("@ada @bob @cy1 @dan @eve @fay", "@​ada @​bob @​cy1 @​dan @​eve @​fay"),
        (f"`<@1>` {CROWD}", f"`<@1>` {CROWD.replace('@', f'@{BREAK}')}"),
    ],
)
async def test_mass_mentions_redacts_what_would_call_many(
    text: str, expected: str
) -> None:
    assert await MassMentions().judge(Subject(text, Stage.OUTPUT)) == Verdict(
        Action.REDACT,
        "mention",
        1.0,
        "mass_mentions",
        "mentions many people at once",
        expected,
    )


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, <@123456789>!",
        "<@!1> and <@2> and @ada",
        "<@1> <@1> <@1> <@1> <@1> <@1> <@1>",
        "Write to joe@all.example or ann@channel.example",
        "everyone is here, all of them",
        "at @ 5 pm",
        "@allison and @roommate",
        "<#123> <:wave:123> </help:1>",
        "```py\n@a1\n@b1\n@c1\n@d1\n@e1\n@f1\n```",
        "`@a1 @b1 @c1` `@d1 @e1 @f1`",
        "```\n@a1 @b1 @c1 @d1 @e1 @f1 and no end",
        "a@b1.io c@d1.io e@f1.io g@h1.io i@j1.io k@l1.io",
        f"@{BREAK}everyone",
    ],
)
async def test_mass_mentions_allows_ordinary_talk(text: str) -> None:
    assert await MassMentions().judge(Subject(text, Stage.INPUT)) is ALLOW


async def test_mass_mentions_counts_people_in_what_is_already_visible() -> None:
    subject = Subject("<@6> <@5>", Stage.OUTPUT, before="<@1> <@2> <@3>\n<@4> <@5>\n")

    verdict = await MassMentions().judge(subject)

    assert verdict.text == f"<@{BREAK}6> <@{BREAK}5>"


@given(
    st.lists(
        st.sampled_from(
            [
                *("@", "＠", "&", "<", ">", "`", "```", " ", "\n", "1", "a", "."),
                *(BREAK, "\u200d", "every", "one", "everyone", "here", "all", "ｈere"),
                *("<@1>", "<@2>", "<@3>", "<@4>", "<@5>", "<@6>", "@ada"),
            ]
        ),
        max_size=40,
    ).map("".join)
)
async def test_mass_mentions_leaves_nothing_that_calls_and_is_stable(text: str) -> None:
    once = await harmless(text)

    assert await harmless(once) == once
    assert "@everyone" not in once
    assert "@here" not in once
    assert "@&1" not in once


@given(st.text())
async def test_mass_mentions_changes_nothing_that_people_see(text: str) -> None:
    def seen(read: str) -> str:
        return "".join(
            "@" if char in "＠﹫" else char for char in read if char.isprintable()
        )

    assert seen(await harmless(text)) == seen(text)


def test_mass_mentions_judges_both_stages() -> None:
    assert MassMentions.stages == frozenset(Stage)
