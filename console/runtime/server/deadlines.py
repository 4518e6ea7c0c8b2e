"""Deadlines of one connection. They are looked at once a second, so a request costs no timers."""

from __future__ import annotations

import asyncio
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from console.runtime.server.bounded import BoundedProtocol

CHECK_EVERY = 1  # second


class Phase(Enum):
    """What the connection waits for."""

    IDLE = auto()  # the first byte of a request
    HEAD = auto()  # the rest of its headers
    BODY = auto()  # the rest of its body
    ANSWER = auto()  # the application
    DISCARD = auto()  # the client, to close after a refusal


class Deadlines:
    def __init__(self, protocol: BoundedProtocol) -> None:
        self.protocol = protocol
        self.closing_since: float | None = None
        self.write_stalled_since: float | None = None
        self.next: asyncio.TimerHandle | None = None

    def stop(self) -> None:
        if self.next is not None:
            self.next.cancel()

    def check(self) -> None:
        protocol = self.protocol
        self.next = protocol.loop.call_later(CHECK_EVERY, self.check)
        now = protocol.loop.time()
        if protocol.transport.is_closing():
            self.closing_since = self.closing_since or now
            self.abort_after(protocol.limits.write_seconds, now - self.closing_since)
        elif protocol.flow.write_paused:
            self.write_stalled_since = self.write_stalled_since or now
            self.abort_after(protocol.limits.write_seconds, now - self.write_stalled_since)
        else:
            self.write_stalled_since = None
            self.check_reading(now)

    def check_reading(self, now: float) -> None:
        protocol, limits = self.protocol, self.protocol.limits
        if protocol.since is None:
            protocol.since = now
        waited = now - protocol.since
        if protocol.phase is Phase.IDLE and waited > protocol.timeout_keep_alive:
            protocol.transport.close()
        elif protocol.phase is Phase.BODY:
            self.check_body(now, waited)
        elif protocol.answers_are_due:
            protocol.since = now  # it is not the client who is waited for
        elif protocol.phase is Phase.DISCARD:
            self.abort_after(limits.discard_seconds, waited)
        elif protocol.phase is Phase.HEAD and waited > limits.head_seconds:
            protocol.refuse(408, f"The headers did not arrive within {limits.head_seconds} seconds.")

    def check_body(self, now: float, waited: float) -> None:
        protocol, limits = self.protocol, self.protocol.limits
        if protocol.flow.read_paused:
            protocol.since = now
        elif (cycle := protocol.cycle_of_body) is not None and cycle.response_complete:
            self.abort_after(limits.discard_seconds, waited)
        elif waited > limits.body_seconds + protocol.raw_body_size / limits.body_rate:
            protocol.refuse(408, f"The body came slower than {limits.body_rate} bytes a second.")

    def abort_after(self, seconds: float, waited: float) -> None:
        if waited > seconds:
            self.protocol.transport.abort()
