import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigError
from bot.safety.filter import Subject
from bot.safety.links import Links
from bot.safety.verdict import ALLOW, Action, Stage, Verdict

ALLOWED = (
    "example.org",
    "discord.gg/hearth",
    "https://пример.рф/",
    "*.good.example.com",
)
DENIED = ("evil.com", "bad.example.org", "example.com", "github.com/spam")


STRICT = Links(
    invites="block", links="flag", allowed_domains=ALLOWED, denied_domains=DENIED
)


async def judge(text: str, links: Links | None = None, *, before: str = "") -> Verdict:
    return await (links or STRICT).judge(Subject(text, Stage.OUTPUT, before=before))


@pytest.mark.parametrize(
    "entry", ["", "example", "a b.org", "ex*ample.org", "me@a.org"]
)
def test_links_refuses_an_entry_that_is_no_domain(entry: str) -> None:
    with pytest.raises(ConfigError, match=r"safety\.links\.allowed_domains"):
        Links(allowed_domains=[entry])
    with pytest.raises(ConfigError, match=r"safety\.links\.denied_domains"):
        Links(denied_domains=["fine.org", entry])


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.com",
        "HTTPS://WWW.EVIL.COM.",
        "see evil.com, and",
        "sub.evil.com/path?x=1#y",
        "(evil.com)",
        "<https://evil.com/x>",
        "**https://evil.com**",
        "hxxps://evil[.]com/x",
        "hxxp[:]//evil(.)com",
        "evil(dot)com",
        "evil[dot]com[/]x",
        "http://example.org@evil.com/",
        "http://example.org:pw@evil.com:80/",
        "http:\\\\evil.com\\x",
        "http:///evil.com",
        "https://evil.com%2f.example.org",
        "https://ev%69l.com",
        "evil。com",
        "ｅｖｉｌ．ｃｏｍ",
        "https://ev\u200bil.com",
        "https://еvil.com",
        "https://xn--vil-qdd.com",
        "https://bad.example.org",
        "https://github.com/spam/x",
        "你好 evil.com 好",
    ],
)
async def test_links_blocks_a_denied_domain(text: str) -> None:
    assert await judge(text) == Verdict(
        Action.BLOCK, "link", 1.0, "links", "a link goes to a denied domain"
    )


@pytest.mark.parametrize(
    "text",
    [
        "discord.gg/abc",
        "https://discord.gg/abc",
        "discord . gg / abc",
        "discord dot gg/abc",
        "https://discord.com/invite/abc",
        "https://ptb.discord.com/invite/abc",
        "discordapp.com/invite/abc",
        "discord.gg/hearthx",
        "t.me/+abc",
        "https://t.me/joinchat/x",
        "telegram.me/joinchat/x",
        "tg://join?invite=x",
        "discord://-/invite/x",
        "https://chat.whatsapp.com/x",
    ],
)
async def test_links_finds_an_invitation(text: str) -> None:
    verdict = await judge(text)

    assert (verdict.action, verdict.category) == (Action.BLOCK, "invite")
    flagged = await judge(text, Links(invites="flag"))
    assert (flagged.action, flagged.category) == (Action.FLAG, "invite")
    assert await judge(text, Links()) is ALLOW


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello there.",
        "https://example.org/x and www.example.org, or a.b.example.org:8080/z",
        "https://user:secret@example.org/",
        "https://пример.рф/x",
        "https://xn--e1afmkfd.xn--p1ai",
        "https://good.example.com/",
        "discord.gg/hearth and https://discord.gg/hearth?event=1",
        "[docs](https://docs.example.org)",
        "[example.org](https://docs.example.org/page)",
        "[README.md](https://example.org)",
        "readme.md main.rs run.sh 3.14 e.g. z.B. U.S.A. a.b node.js v1.2.3",
        "joe@evil.com",
        "foo.bar.baz file.tar.gz x.y",
        "int evil_com; evil .com",
        "https:// and http://",
        "http://[::1]/",
        "discord.gg",
        "tg://user?id=1",
        "Take this (dot) and that [.] x",
    ],
)
async def test_links_allows(text: str) -> None:
    links = Links(
        invites="block",
        links="allow",
        allowed_domains=ALLOWED,
        denied_domains=DENIED,
    )

    assert await judge(text, links) is ALLOW


@pytest.mark.parametrize(
    "text",
    [
        "https://news.example.net/x",
        "news.bbc.co.uk",
        "http://3232235777/",
        "http://192.168.1.1:80/x",
        "https://localhost/x",
        "readme.md/x",
        "t.me/somebody",
        "notevil.com",
        "https://ä..de",
        f"https://{'ä' * 70}.de",
    ],
)
async def test_links_finds_a_domain_on_no_list(text: str) -> None:
    verdict = await judge(text)

    assert (verdict.action, verdict.category) == (Action.FLAG, "link")
    assert (await judge(text, Links(links="block"))).action is Action.BLOCK
    assert (await judge(text, Links())).action is Action.ALLOW


@pytest.mark.parametrize(
    "text",
    [
        "[bank.org](https://phish.org)",
        "[https://www.bank.org/login](http://bank.org.phish.net/login)",
        "[go to bank.co.uk now](https://shop.co.uk)",
        "[bank.org](<https://bank.org@phish.net>)",
        "[bank.org](phish.net)",
        "https://раураl.com/login",
        "https://xn--80ak6aa92e.com",
        "https://xn--80ak6aa92e.com/ https://xn--zzzzzzzz.com",
    ],
)
async def test_links_flags_what_pretends_to_go_elsewhere(text: str) -> None:
    verdict = await judge(text, Links())

    assert verdict == Verdict(
        Action.FLAG, "link", 1.0, "links", "a link goes elsewhere than it says"
    )


async def test_links_names_the_strictest_of_many() -> None:
    verdict = await judge("news.net discord.gg/x evil.com [a.org](b.org)")

    assert (verdict.action, verdict.category) == (Action.BLOCK, "invite")
    assert (await judge("news.net evil.com")).category == "link"


async def test_links_denies_where_the_same_entry_is_allowed() -> None:
    links = Links(allowed_domains=["a.org"], denied_domains=["a.org"])

    assert (await judge("https://a.org", links)).action is Action.BLOCK


async def test_links_finds_a_link_that_began_before_the_text() -> None:
    assert (await judge("il.com", before="see ev")).action is Action.BLOCK
    assert await judge("fine", before="see evil.com ") is ALLOW


@given(st.text() | st.text(st.sampled_from("a./:@[]()%x-дxn dot")))
async def test_links_takes_any_text(text: str) -> None:
    for before in ("", "https://", "https://a.", "[x]("):
        verdict = await judge(text, STRICT, before=before)
        assert verdict.action in {Action.ALLOW, Action.FLAG, Action.BLOCK}


@pytest.mark.parametrize(
    "text",
    [
        "a." * 125_000,
        "a.a " * 62_500,
        "a@" * 100_000 + ".",
        "http://a.com " * 19_250,
        "http://" * 35_000,
        "https://" + "a." * 125_000,
        "https://" + "ä." * 125_000,
        "https://" + "1" * 250_000,
        "news.com " * 27_500,
        "[a" * 125_000 + ".",
        "[a](b" * 40_000,
        "[a.com](b.com) " * 16_500,
        "(dot)" * 50_000,
        "好。" * 125_000,
        "discord " * 31_250 + ".",
    ],
    ids=lambda text: ascii(text[:9]),
)
async def test_links_takes_linear_time(text: str) -> None:
    start_s = time.process_time()

    await judge(text)

    assert time.process_time() - start_s < 5  # measured: under 1 s
