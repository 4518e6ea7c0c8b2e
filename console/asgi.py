"""What the web server runs: Django's WSGI side on a fixed pool of threads, so its database connections last."""

from __future__ import annotations

from a2wsgi import WSGIMiddleware

from console.wsgi import application as django

application = WSGIMiddleware(django, workers=8)  # type: ignore[arg-type]  # HttpResponse is an iterable of bytes
