"""An answer of SFR's, read whole and within a size."""

import aiohttp

from adapters.sfr.messages import BYTES_MAX, UnreadableAnswerError


async def bounded(response: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for part in response.content.iter_any():
        content += part
        if len(content) > BYTES_MAX:
            raise UnreadableAnswerError(f"larger than {BYTES_MAX} bytes")
    return bytes(content)
