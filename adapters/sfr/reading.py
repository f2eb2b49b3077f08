"""An answer of SFR's, read whole and within a size."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp

from adapters.sfr.messages import BYTES_MAX, UnreadableAnswerError
from domain.order_file import CONTENT_MAX
from domain.photographs import PICTURES

_OK = 200


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked for, and how it is read."""

    accept: str
    read: Callable[[aiohttp.ClientResponse], Awaitable[bytes]]


async def bounded(response: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for part in response.content.iter_any():
        content += part
        if len(content) > BYTES_MAX:
            raise UnreadableAnswerError(f"larger than {BYTES_MAX} bytes")
    return bytes(content)


async def pictured(response: aiohttp.ClientResponse) -> bytes:
    """A picture, or as much of it as is enough to see that it is too large; nothing of what is no
    picture of ours."""
    if response.status != _OK:
        return await bounded(response)
    content = bytearray()
    if response.content_type in PICTURES:
        async for part in response.content.iter_any():
            content += part
            if len(content) > CONTENT_MAX:
                break
    return bytes(content)


DOCUMENT = Wanted(accept="application/json", read=bounded)
PICTURE = Wanted(accept=", ".join(PICTURES), read=pictured)
