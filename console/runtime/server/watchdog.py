"""Tells when a thread has been busy with one request for too long: none should, so somebody must look."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
import traceback
from collections.abc import Iterator

import structlog

log = structlog.get_logger()

TOO_LONG = 60  # seconds
LOOK_EVERY = 10  # seconds


class Watchdog:
    """Looks from a thread of its own, so it works beside a stuck event loop as well."""

    def __init__(self) -> None:
        self.busy: dict[int, tuple[str, float]] = {}
        self.told: set[tuple[int, float]] = set()
        self.thread: threading.Thread | None = None

    @contextlib.contextmanager
    def watching(self, path: str) -> Iterator[None]:
        if self.thread is None:
            self.thread = threading.Thread(target=self.look_for_ever, name="watchdog", daemon=True)
            self.thread.start()
        thread = threading.get_ident()
        self.busy[thread] = (path, time.monotonic())
        try:
            yield
        finally:
            del self.busy[thread]

    def look_for_ever(self) -> None:
        while True:
            time.sleep(LOOK_EVERY)
            self.look(time.monotonic())

    def look(self, now: float) -> None:
        """Log each request that has been in its thread for too long, once, with where the thread is."""
        busy = dict(self.busy)
        self.told &= {(thread, since) for thread, (_, since) in busy.items()}
        for thread, (path, since) in busy.items():
            if now - since > TOO_LONG and (thread, since) not in self.told:
                self.told.add((thread, since))
                frame = sys._current_frames().get(thread)
                stack = traceback.format_stack(frame)[-5:] if frame else []
                log.error("pages.thread_is_stuck", path=path, seconds=round(now - since), stack="".join(stack))
