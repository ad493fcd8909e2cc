import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.filter import Subject
from bot.safety.secrets import REMOVED, Secrets
from bot.safety.verdict import ALLOW, Action, Stage, Verdict

KEY = "hf_" + "aB3dE6gH9" * 4
BLOCK = f"-----BEGIN PRIVATE KEY-----\n{'aB3+' * 16}\n-----END PRIVATE KEY-----"


async def judge(text: str, *, before: str = "") -> Verdict:
    return await Secrets().judge(Subject(text, Stage.OUTPUT, before=before))


async def safe(text: str, *, before: str = "") -> str | None:
    return (await judge(text, before=before)).text


async def test_secrets_are_removed_and_the_rest_stays() -> None:
    verdict = await judge(f"Look: {KEY}, is it good?\n{BLOCK} and {KEY}.")

    assert verdict == Verdict(
        Action.REDACT,
        "secret",
        1.0,
        "secrets",
        "has a key, a token or a password",
        f"Look: {REMOVED}, is it good?\n{REMOVED} and {REMOVED}.",
    )


@pytest.mark.parametrize("text", ["", "Hello!", REMOVED, "hf_hub_download"])
async def test_secrets_allow_other_texts(text: str) -> None:
    assert await judge(text) is ALLOW
    assert await judge(text, before="see this: ") is ALLOW
    assert await judge(text, before=f"{REMOVED}\n") is ALLOW


async def test_a_secret_that_began_before_is_cut_off() -> None:
    assert await safe(f"{KEY[6:]} ok", before=f"so: {KEY[:6]}") == f"{REMOVED} ok"


async def test_a_secret_that_was_before_is_nothing_new() -> None:
    assert await judge(" and so on", before=f"my {KEY}") is ALLOW


async def test_lines_of_a_private_key_that_come_one_by_one_are_removed() -> None:
    before, seen = "", []
    for line in BLOCK.splitlines(keepends=True):
        text = await safe(line, before=before)
        seen.append(text)
        before += text or line

    assert seen == [REMOVED, f"{REMOVED}\n", REMOVED]


async def test_a_secret_that_another_one_hid_is_removed_too() -> None:
    assert await safe(f"https://ada:pw@{KEY}") == f"https://{REMOVED}@{REMOVED}"


@given(st.lists(st.sampled_from(["hf_", KEY[3:], "://", "a:b@", "sk-", " ", "-"])))
async def test_a_text_without_its_secrets_is_allowed(parts: list[str]) -> None:
    text = "".join(parts)
    for before in ("", "hf_aB", f"{REMOVED}\n"):
        redacted = await safe(text, before=before)
        if redacted is not None:
            assert await judge(redacted, before=before) is ALLOW


@pytest.mark.parametrize(
    "text",
    [
        "a" * 250_000,
        "sk-" * 83_333,
        "eyJ-" * 62_500,
        "eyJaaaaaaaa." * 20_750,
        "MMMMMMMMMMMMMMMMMMMM." * 47_000,
        "://a:" * 50_000,
        "token=" * 41_500,
        "token-" * 41_500 + "=",
        "-" * 250_000 + "PRIVATE KEY",
        "-----BEGIN PRIVATE KEY-----" * 37_000,
        "1:AA" * 62_500,
        ";pwd=" * 50_000,
        f"{KEY} " * 25_000,
        "http://a:b@c " * 19_250,
    ],
    ids=lambda text: text[:8],
)
async def test_secrets_take_linear_time(text: str) -> None:
    start_s = time.process_time()

    await judge(text)
    await judge(text[:100_000], before=REMOVED)

    assert time.process_time() - start_s < 5  # measured: under 1 s
