"""What the supervisor's web server loads: `console.asgi`, in a worker that ends with its parent however that ended."""

from __future__ import annotations

import signal

from console.embedded import offspring

offspring.end_with_parent(signal.SIGTERM)

from console.asgi import application  # noqa: E402 - the above must come first

__all__ = ["application"]
