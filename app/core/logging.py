"""Structured logs, one JSON object a line, that never carry personal data.

Events are named, values are ids and codes. As a second line of defence every string is searched for what
looks like a phone or an ID number, and tracebacks are written without exception texts (a database error
quotes the row it failed on).
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

# 18 digits (or 17 and X), 15 digits, or a mainland mobile number, not inside a longer number.
_PERSONAL = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15}|1[3-9]\d[ -]?\d{4}[ -]?\d{4})(?!\d)")
_MASK = "[masked]"

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def mask_personal(text: str) -> str:
    """Replaces what looks like a phone or an ID number."""
    return _PERSONAL.sub(_MASK, text)


def _mask_value(value: Any) -> Any:
    if isinstance(value, str):
        return mask_personal(value)
    if isinstance(value, dict):
        return {k: _mask_value(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_mask_value(v) for v in value]
    return value


def _mask_event(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: _mask_value(value) for key, value in event.items()}


def _frames_only(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Writes where an error came from and its class, without its text."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()[1]
    elif isinstance(info, tuple):
        info = info[1]
    if isinstance(info, BaseException):
        event["error"] = type(info).__name__
        event["frames"] = [
            f"{frame.filename.rsplit('/app/', 1)[-1]}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(info.__traceback__)
        ][-25:]
    return event


class _StandardLibraryBridge(logging.Handler):
    """Brings the libraries' own log records (uvicorn, sqlalchemy) through the same masking."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().log(
            record.levelno, "library", logger=record.name, text=record.getMessage(), exc_info=record.exc_info
        )


def configure_logging(level: str = "INFO") -> None:
    """Sets up logging for the process. Lines go to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _frames_only,
            _mask_event,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_StandardLibraryBridge()]
    root.setLevel(logging.WARNING)
