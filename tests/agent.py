"""What an editor or agent does: the protocol's own client, connected to the installed command over its standard streams."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TextIO

import mcp_types as types
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

COMMAND = Path(sys.executable).with_name("codestrata")
_OURS = ("CODESTRATA_DATA_DIR", "CODESTRATA_CONFIG_DIR")


class Agent:
    """A connected client that waits for each answer."""

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self.portal = portal
        self.client = client

    def call(self, tool: str, **arguments: Any) -> types.CallToolResult:
        """The result of a call, whether it was carried out or refused."""
        return self.portal.call(self.client.call_tool, tool, arguments)

    def facts(self, tool: str, **arguments: Any) -> Any:
        """What a tool answers as JSON."""
        result = self.call(tool, **arguments)
        assert not result.is_error, texts(result)
        return json.loads(texts(result)[0])

    def refusal(self, tool: str, **arguments: Any) -> str:
        """The one line that a tool refuses with."""
        result = self.call(tool, **arguments)
        assert result.is_error, texts(result)
        [line] = texts(result)
        assert "\n" not in line
        return line

    def read(self, uri: str) -> str:
        """The text of a resource."""
        [content] = self.portal.call(self.client.read_resource, uri).contents
        assert isinstance(content, types.TextResourceContents)
        return content.text


def texts(result: types.CallToolResult) -> list[str]:
    """The texts of a result."""
    assert all(isinstance(content, types.TextContent) for content in result.content)
    return [content.text for content in result.content]  # type: ignore[union-attr]


@contextmanager
def connected(
    *options: str,
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
    mode: str = "auto",
    errors: TextIO = sys.__stderr__,  # type: ignore[assignment]
    command: Path = COMMAND,
) -> Iterator[Agent]:
    """A client of `codestrata mcp OPTIONS`."""
    own = {name: os.environ[name] for name in _OURS if name in os.environ}
    server = StdioServerParameters(command=str(command), args=["mcp", *options], env=own | (env or {}), cwd=cwd)

    @asynccontextmanager
    async def client() -> AsyncIterator[Client]:
        async with Client(stdio_client(server, errlog=errors), mode=mode, cache=None) as opened:
            yield opened

    with start_blocking_portal() as portal, portal.wrap_async_context_manager(client()) as opened:
        yield Agent(portal, opened)
