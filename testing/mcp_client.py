"""An assistant at the page's tools: the real MCP client."""

import asyncio
from collections.abc import Callable
from typing import Any

from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult


def with_session(address: str, use: Callable[[ClientSession], Any]) -> Any:
    """Open a session with the page's MCP server and return what ``use`` makes of it."""

    async def run() -> Any:
        async with (
            streamable_http_client(f"{address}/gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            return await use(session)

    return asyncio.run(run())


def call_tool(address: str, tool: str, **arguments: object) -> CallToolResult:
    """Call one tool."""
    return with_session(address, lambda session: session.call_tool(tool, arguments))
