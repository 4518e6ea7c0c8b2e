"""Structured logs: JSON lines for machines, plain lines at a terminal. Never a secret, never what people sent."""

from __future__ import annotations

import logging.config
import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

SECRET = re.compile(r"password|secret|token|authorization|cookie|signature|(^|_)key$", re.IGNORECASE)


def hide_secrets(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Whatever is named like a secret is not written, whoever logs it."""
    return {name: "[hidden]" if SECRET.search(name) else value for name, value in event.items()}


COMMON: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    hide_secrets,
]


def configured(*, pretty: bool, level: str) -> dict[str, Any]:
    """Django's LOGGING; also sets structlog up, whose events take the same way out."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *COMMON,
            structlog.processors.format_exc_info if not pretty else passed_on,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last = structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer(default=str)
    out = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *([] if pretty else [EXCEPTIONS]), last]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*COMMON, structlog.stdlib.PositionalArgumentsFormatter()],
                "processors": out,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "NOTSET", "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "celery": {"level": "WARNING"},
            "kombu": {"level": "WARNING"},
        },
    }


def passed_on(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    return event


EXCEPTIONS: Processor = structlog.processors.format_exc_info


def start(*, pretty: bool, level: str) -> None:
    """For processes without Django."""
    logging.config.dictConfig(configured(pretty=pretty, level=level))
