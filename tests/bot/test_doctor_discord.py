"""What the doctor says about Discord."""

import pytest

from bot.config_adapters import DiscordConfig
from bot.doctor.check import State
from bot.doctor.discord_checks import check_discord

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.AbCdEf.abcdefghijklmnopqrstuvwxyz01"
ID = "123456789012345678"


@pytest.mark.parametrize(
    ("tables", "token", "states"),
    [
        ({}, TOKEN, []),
        ({"enabled": True}, None, [State.FAIL]),
        ({"enabled": True}, "  ", [State.FAIL]),
        ({"enabled": True}, "a client secret", [State.WARN]),
        ({"enabled": True}, f" {TOKEN}\n", [State.OK]),
        (
            {"enabled": True, "talk_channels": [ID, "#general"]},
            TOKEN,
            [State.OK, State.WARN],
        ),
        (
            {"enabled": True, "development_guild": "my server"},
            TOKEN,
            [State.OK, State.WARN],
        ),
    ],
)
def test_doctor_looks_at_the_token_and_the_ids(
    tables: dict[str, object], token: str | None, states: list[State]
) -> None:
    config = DiscordConfig.model_validate(tables)
    environ = {} if token is None else {"DISCORD_TOKEN": token}
    checks = list(check_discord(config, environ))
    assert [check.state for check in checks] == states
    assert all(TOKEN not in str(check) for check in checks)
    assert all(check.cure for check in checks if check.state is not State.OK)
