"""The log: events with fields, to read on a terminal, as JSON lines elsewhere.

What libraries log through the standard library takes the same way. No secret is ever
written, and no words of people unless the level is debug.
"""

import logging
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.log_ring import LogRing
from bot.redaction import Redactor, drop_private

__all__ = ["configure_logging"]

QUIET_LIBRARIES = ("apscheduler", "asyncio", "httpcore", "httpx", "nicegui", "urllib3")
"""Log each job, request or slow step at INFO: only their warnings are of use."""


def configure_logging(
    level: str, *, is_terminal: bool, stream: TextIO, secrets: Iterable[str] = ()
) -> LogRing:
    """Send all that is logged from now on to the stream; return its last lines.

    `level` is debug, info, warning or error; `secrets` are values to hide wherever
    they turn up. May be called again, for instance when more secrets are known.
    """
    threshold = logging.getLevelNamesMapping()[level.upper()]
    redactor = Redactor(secrets)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]

    def formatter(last: Processor) -> logging.Formatter:
        return structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_private(is_debug=threshold <= logging.DEBUG),
                _without_secrets(redactor),
                last,
            ],
        )

    handler, ring = logging.StreamHandler(stream), LogRing()
    handler.setFormatter(formatter(_renderer(is_terminal=is_terminal)))
    ring.setFormatter(formatter(ring.keep))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        # Loggers are made when modules are imported, before this is called, and tests
        # call it again.
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [handler, ring]
    root.setLevel(threshold)
    for name in QUIET_LIBRARIES:
        logging.getLogger(name).setLevel(max(threshold, logging.WARNING))
    logging.captureWarnings(True)
    return ring


def _without_private(*, is_debug: bool) -> Processor:
    def processor(
        logger: WrappedLogger, method: str, event: EventDict
    ) -> Mapping[str, Any]:
        return event if is_debug else drop_private(event)

    return processor


def _without_secrets(redactor: Redactor) -> Processor:
    def processor(
        logger: WrappedLogger, method: str, event: EventDict
    ) -> MutableMapping[str, Any]:
        return {name: redactor.field(name, value) for name, value in event.items()}

    return processor


def _renderer(*, is_terminal: bool) -> Processor:
    if is_terminal:
        # Tracebacks are text by now, with their secrets hidden; never with locals.
        return structlog.dev.ConsoleRenderer(
            exception_formatter=structlog.dev.plain_traceback
        )
    return structlog.processors.JSONRenderer(ensure_ascii=False)
