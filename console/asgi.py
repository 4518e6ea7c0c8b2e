"""What the web server runs: posts to the ingest paths on the event loop, all else through Django's WSGI side on a
fixed pool of threads, so its database connections last."""

from __future__ import annotations

from typing import Any

from a2wsgi import WSGIMiddleware

from console.wsgi import application as django
from tracking.ingest.door import Door, Receive, Scope, Send  # after Django is set up

pages = WSGIMiddleware(django, workers=8)  # type: ignore[arg-type]  # HttpResponse is an iterable of bytes
door = Door()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http" and door.serves(scope):
        await door(scope, receive, send)
    elif scope["type"] == "http":
        await pages(scope, _coroutines(receive), send)  # type: ignore[arg-type]
    else:
        await send({"type": "websocket.close", "code": 1000})


def _coroutines(receive: Receive) -> Receive:
    """Granian gives futures where a2wsgi schedules coroutines from its threads."""

    async def wrapped() -> Any:
        return await receive()

    return wrapped


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await door.drain()
            await send({"type": "lifespan.shutdown.complete"})
            return
