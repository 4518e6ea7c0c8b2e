"""ASGI applications on real sockets, each in a thread of its own, for tests of the server's HTTP protocols."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import Any

import uvicorn


@contextlib.contextmanager
def served(application: Any, protocol: Any, **settings: Any) -> Iterator[int]:
    """The port on which it listens."""
    quiet = {"lifespan": "off", "ws": "none", "log_config": None, "access_log": False, "proxy_headers": False}
    config = uvicorn.Config(application, port=0, http=protocol, interface="asgi3", loop="uvloop", **quiet | settings)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)
