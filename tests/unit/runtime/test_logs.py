"""One shape for every line, and nothing personal in any of them."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from runtime.logs import set_up_logs
from runtime.settings import LogFormat
from tests.unit.domain.test_personal import CAMILLE


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    stream = io.StringIO()
    yield stream
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_our_lines_and_those_of_libraries_have_one_shape(lines: io.StringIO) -> None:
    set_up_logs(process="relay", level="info", log_format=LogFormat.JSON, stream=lines)

    structlog.get_logger("relay").info("relay.row.done", row=7)
    logging.getLogger("library").warning("something %s", "happened")
    structlog.get_logger("relay").debug("relay.too.detailed")

    ours, theirs = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert (ours["event"], ours["row"], ours["process"]) == ("relay.row.done", 7, "relay")
    assert (theirs["event"], theirs["level"]) == ("something happened", "warning")


@pytest.mark.parametrize("log_format", list(LogFormat))
def test_personal_data_is_masked_in_every_format(lines: io.StringIO, log_format: LogFormat) -> None:
    set_up_logs(process="api", level="info", log_format=log_format, stream=lines)

    structlog.get_logger("api").info("order.received", contact=CAMILLE)

    assert "order.received" in lines.getvalue()
    assert "Camille" not in lines.getvalue()
