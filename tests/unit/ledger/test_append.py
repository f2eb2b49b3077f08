from datetime import datetime

import pytest

from ledger.append import (
    Append,
    At,
    CommandStamp,
    NoStream,
    StreamAppend,
    expected_after,
    version_number,
)
from tests.builders import append, command_id, on_stream


@pytest.mark.parametrize("version", [0, -1])
def test_a_stream_that_exists_has_at_least_one_version(version: int) -> None:
    with pytest.raises(ValueError, match=r"say NoStream\(\)"):
        At(version)


def test_the_expected_version_is_a_type_and_not_a_falsy_number() -> None:
    assert expected_after(0) == NoStream()
    assert expected_after(3) == At(3)
    assert (version_number(NoStream()), version_number(At(3))) == (0, 3)


def test_an_append_keeps_facts_or_is_nothing() -> None:
    with pytest.raises(ValueError, match="at least one event"):
        StreamAppend(stream_id=on_stream("order/a").stream_id, expected=NoStream(), events=())
    stamp = CommandStamp(command_id=command_id("one"), fingerprint=b"")
    with pytest.raises(ValueError, match="at least one stream"):
        Append(
            command=stamp,
            business_at=append("one").business_at,
            actor="test",
            correlation="c",
            streams=(),
        )


def test_an_append_names_a_stream_once() -> None:
    with pytest.raises(ValueError, match="names a stream twice"):
        append("one", on_stream("order/a"), on_stream("order/a"))


def test_an_append_is_made_at_an_instant_with_a_time_zone() -> None:
    good = append("one")
    with pytest.raises(ValueError, match="needs a time zone"):
        Append(
            command=good.command,
            business_at=datetime(2026, 11, 23),  # noqa: DTZ001  the point of the test
            actor="test",
            correlation="c",
            streams=good.streams,
        )
