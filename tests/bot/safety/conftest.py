import pytest

from bot.clock import FakeClock
from bot.messages import Author, Channel


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def channel() -> Channel:
    return Channel("web", "general", "home")


@pytest.fixture
def author() -> Author:
    return Author("1", "Ada")
