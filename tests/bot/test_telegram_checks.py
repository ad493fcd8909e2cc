from bot.config import Config
from bot.doctor.check import State
from bot.doctor.telegram_checks import check_telegram

TOKEN = f"123456789:{'x' * 35}"


def config(**ours: object) -> Config:
    return Config.model_validate({"adapters": {"telegram": ours}})


def test_telegram_that_is_off_is_not_looked_at() -> None:
    assert not list(check_telegram(config(), {}))


def test_token_is_looked_at_and_never_shown() -> None:
    for environ, state in (
        ({}, State.FAIL),
        ({"TELEGRAM_TOKEN": " "}, State.FAIL),
        ({"TELEGRAM_TOKEN": "not a token"}, State.FAIL),
        ({"TELEGRAM_TOKEN": f" {TOKEN} "}, State.OK),
    ):
        (check,) = check_telegram(config(enabled=True), environ)
        assert check.state is state
        assert "TELEGRAM_TOKEN" in str(check.text)
        assert "not a token" not in str(check.text)
        assert (check.cure is None) is (state is State.OK)


def test_webhook_without_a_certificate_is_named() -> None:
    ours = config(enabled=True, webhook_url="http://example.org/hook")
    token, webhook = check_telegram(ours, {"TELEGRAM_TOKEN": TOKEN})
    assert (token.state, webhook.state) == (State.OK, State.WARN)
