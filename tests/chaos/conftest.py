"""What every test of kills runs on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.chaos.parts import Parts, opened_parts
from tests.conftest import Database


@pytest.fixture
async def parts(database: Database, tmp_path: Path) -> AsyncIterator[Parts]:
    async with opened_parts(database, tmp_path) as opened:
        yield opened
