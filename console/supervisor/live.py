"""What the supervisor's second web server loads: `console.live`, in a worker that ends with its parent."""

from __future__ import annotations

import signal

from console.embedded import offspring

offspring.end_with_parent(signal.SIGTERM)

from console.live import application  # noqa: E402 - the above must come first

__all__ = ["application"]
