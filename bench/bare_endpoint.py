"""The floor of order intake: an endpoint on the same server that does one insert, and nothing else.

Run as a process of its own: `python -m bench.bare_endpoint PORT DATABASE_URL`.
"""

import asyncio
import sys
from typing import Any

import uvicorn
from fastapi import FastAPI

from adapters.postgres.pool import open_pool

TABLE = "CREATE TABLE IF NOT EXISTS bare_order (id bigserial PRIMARY KEY, body text NOT NULL)"
_INSERT = "INSERT INTO bare_order (body) VALUES ($1) RETURNING id"


async def serve(port: int, url: str) -> None:
    async with open_pool(url, size=8) as pool:
        app = FastAPI()

        @app.post("/orders", status_code=201)
        async def submit(order: dict[str, Any]) -> dict[str, int]:
            return {"id": await pool.fetchval(_INSERT, str(order))}

        @app.get("/health/ready")
        async def ready() -> dict[str, bool]:
            return {"ready": True}

        config = uvicorn.Config(app, port=port, log_config=None, access_log=False, lifespan="off")
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))
