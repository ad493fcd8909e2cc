import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.log_ring import KEPT, LogRing
from bot.logs import configure_logging


@pytest.fixture
def ring() -> Iterator[LogRing]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    configured = structlog.get_config()
    yield configure_logging(
        "info", is_terminal=False, stream=io.StringIO(), secrets=["swordfish"]
    )
    root.handlers, root.level = handlers, level
    logging.captureWarnings(False)
    structlog.configure(**configured)


def test_lines_are_kept_as_the_log_has_them(ring: LogRing) -> None:
    logger = structlog.get_logger("bot.cellar")
    logger.info("door opened", key="swordfish", text="what Ada wrote", room=7)
    logger.debug("not at this level")
    (line,) = ring.since(0)
    assert (line.level, line.logger, line.event) == (
        "info",
        "bot.cellar",
        "door opened",
    )
    assert line.fields == {"key": "[hidden]", "text": "[not logged]", "room": "7"}


def test_what_cannot_be_formatted_harms_nobody(ring: LogRing) -> None:
    logging.raiseExceptions, before = False, logging.raiseExceptions
    try:
        logging.getLogger("library").warning("%d apples", "many")
    finally:
        logging.raiseExceptions = before
    logging.getLogger("library").warning("%d apples", 3)
    assert [line.event for line in ring.since(0)] == ["3 apples"]


def test_only_the_last_lines_are_kept(ring: LogRing) -> None:
    logger = structlog.get_logger("bot.mill")
    for number in range(KEPT + 3):
        logger.warning("turned", number=number)
    numbers = [line.number for line in ring.since(0)]
    assert numbers == list(range(4, KEPT + 4))
    assert [line.number for line in ring.since(KEPT + 2)] == [KEPT + 3]
