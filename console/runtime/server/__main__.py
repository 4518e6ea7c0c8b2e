"""Serves Earshot: `web` is the console, the API and ingest; `live` the server-sent events.

python -m console.runtime.server web|live [--host H] [--port P] [--workers N]
"""

from __future__ import annotations

import argparse

import uvicorn

from console.runtime.server.limits import from_environment

APPLICATIONS = {"web": "console.asgi:application", "live": "messaging.deliveries.live:application"}
PROTOCOLS = {
    "web": "console.runtime.server.protocol:Protocol",
    "live": "console.runtime.server.bounded:BoundedProtocol",
}
PATIENCE = {"web": 8, "live": 1}  # seconds for open requests when it is to stop; a stream would never end


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m console.runtime.server", description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=APPLICATIONS)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1)
    chosen = parser.parse_args()
    try:
        limits = from_environment()
    except ValueError as error:
        parser.error(str(error))
    uvicorn.run(
        APPLICATIONS[chosen.what],
        http=PROTOCOLS[chosen.what],
        host=chosen.host,
        port=chosen.port,
        workers=chosen.workers,
        interface="asgi3",
        loop="uvloop",
        ws="none",
        lifespan="on",
        proxy_headers=False,  # Django reads them itself, where the settings say that a proxy stands before it
        server_header=False,
        access_log=False,
        log_config=None,
        backlog=2048,
        timeout_keep_alive=limits.idle_seconds,
        timeout_graceful_shutdown=PATIENCE[chosen.what],
    )


if __name__ == "__main__":
    main()
