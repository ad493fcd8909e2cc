import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.secret_patterns import SECRETS, secret_spans

R = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V2w3X4y5Z6a7B8c9D0e1F2g3"
HEX = "0123456789abcdef" * 4


def coded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


DISCORD = f"{coded('123456789012345678')}.Gh3kL9.{R[:38]}"
JWT = (
    f"{coded(json.dumps({'alg': 'HS256'}))}.{coded(json.dumps({'sub': '1'}))}.{R[:43]}"
)
KEY = f"-----BEGIN RSA PRIVATE KEY-----\n{R}\n{R}\n-----END RSA PRIVATE KEY-----"

# Put together here, so that no scanner takes this file for a leak.
WHOLE = [
    "sk-" + R[:48],
    "sk-proj-" + R[:60],
    "sk-ant-api03-" + R[:60],
    "sk-or-v1-" + HEX,
    "AKIA" + "IOSFODNN7EXAMPLE",
    "ASIA" + "IOSFODNN7EXAMPLE",
    "ghp_" + R[:36],
    "ghs_" + R[:36],
    "github_pat_" + R[:22] + "_" + R[:59],
    "glpat-" + R[:20],
    "xoxb-" + "123456789012-" + R[:24],
    "xapp-1-" + R[:24],
    "sk_live_" + R[:24],
    "rk_test_" + R[:24],
    "whsec_" + R[:32],
    "AIza" + R[:35],
    "GOCSPX-" + R[:28],
    "ya29." + R[:50],
    "npm_" + R[:36],
    "pypi-AgEIcHlwaS5vcmc" + R[:60],
    "hf_" + R[:34],
    "dckr_pat_" + R[:27],
    "dop_v1_" + HEX,
    "SG." + R[:22] + "." + R[:43],
    "key-" + HEX[:32],
    "SK" + HEX[:32],
    "shpat_" + HEX[:32],
    "dapi" + HEX[:32],
    "gsk_" + R[:52],
    "xai-" + R[:62],
    "pplx-" + R[:48],
    "r8_" + R[:37],
    "lin_api_" + R[:40],
    "ntn_" + R[:46],
    "glsa_" + R[:32] + "_" + HEX[:8],
    "hvs." + R[:30],
    "ATATT3" + R[:60],
    "AGE-SECRET-KEY-1" + R[:58].upper(),
    DISCORD,
    "123456789:AA" + R[:33],
    JWT,
    KEY,
    KEY.partition("\n-----END")[0],
    KEY.replace("RSA ", "").replace("KEY-", "KEY BLOCK-"),
]

INSIDE = [
    ("postgres://ada:{}@db.example/x", "s3cret"),
    ("https://{}@a.example", "token:x-oauth"),
    ("https://discord.com/api/webhooks/{}", "123456789012345678/" + R[:64]),
    ("https://hooks.slack.com/services/{}", "T0123ABCD/B0123ABCD/" + R[:24]),
    ("AccountName=x;AccountKey={};Suffix=y", R[:60] + "=="),
    ("Server=db;User Id=ada;Password={};", "hunter2!"),
    ("aws_secret_access_key = {}", R[:40]),
    ('API_KEY="{}"', R[:32]),
    ("my-token: {}", HEX[:32]),
]

HARMLESS = [
    "sk-learn-is-a-library-for-machine-learning",
    "sk- and AKIA and ghp_ and hf_ are prefixes",
    "hf_hub_download and npm_config_registry and secret_word",
    "the SKILL, a task-force and a key-value store",
    "M.N.O and Many.people.like-to-write-with-dots-in-the-middle-of-it",
    "eyJust.kidding-here.really",
    "eyJhbGciOiJIUzI1NiJ9",
    "123456789012345678 and 4111 1111 1111 1111",
    "d41d8cd98f00b204e9800998ecf8427e",
    "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    "12:30:AA at gate 5",
    "https://user:$PASSWORD@db.example and https://user:<password>@db.example",
    "https://user:xxxx@db.example and https://user:****@db.example",
    "https://a.example:8080/x@y and http://a.example/b:c@d",
    "token = get_token_from_the_environment()",
    "max_tokens: 2048 and the secret: never give up hope, my dear friend",
    "password: I forgot it",
    "-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----",
    "my PRIVATE KEY is under the mat",
    "user=ada;password=",
]


def removed(text: str) -> list[str]:
    return [text[start:end] for start, end in secret_spans(text)]


@pytest.mark.parametrize("text", HARMLESS)
def test_nothing_is_found_in_harmless_texts(text: str) -> None:
    assert removed(text) == []


@pytest.mark.parametrize("secret", WHOLE, ids=lambda secret: secret[:14])
def test_a_secret_is_found_whole(secret: str) -> None:
    assert removed(secret) == [secret]
    if "PRIVATE" not in secret:
        assert removed(f"my key is `{secret}`, ok?") == [secret]
        assert removed(f'KEY="{secret}"\n') == [secret]


@pytest.mark.parametrize(("text", "secret"), INSIDE)
def test_only_the_secret_of_a_longer_text_is_found(text: str, secret: str) -> None:
    (found,) = removed(text.format(secret))

    assert found.endswith(secret)
    assert len(found) <= len(secret) + 4


def test_every_kind_has_an_example() -> None:
    examples = [*WHOLE, *(text.format(secret) for text, secret in INSIDE)]

    for one in SECRETS:
        assert any(list(one.spans(example)) for example in examples), one.kind


@given(st.text() | st.text(st.sampled_from("sk-AIza:/@=;token1")))
def test_spans_are_in_order_and_apart(text: str) -> None:
    end = -1
    for start, stop in secret_spans(text):
        assert end < start < stop <= len(text)
        end = stop
