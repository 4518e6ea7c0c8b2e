"""Key -> whose it is. The header wins over the body."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from console.accounts import credentials
from console.accounts.keyring import Holder
from tracking.ingest.rejection_codes import Rejected, RejectionCode

Find = Callable[[str], Holder | None]


def authenticate(authorization: str, in_body: str | None, find: Find) -> Holder:
    """Who holds the key; raises Rejected, and whatever `find` raises."""
    key = key_of(authorization, in_body)
    if not key:
        raise Rejected(RejectionCode.NO_KEY)
    holder = find(key)
    if holder is None:
        raise Rejected(RejectionCode.UNKNOWN_KEY)
    return holder


@lru_cache(128)
def key_of(authorization: str, in_body: str | None) -> str | None:
    try:
        return credentials.in_authorization(authorization) or in_body
    except credentials.Malformed:
        return authorization  # a key of nobody's: what stands in the header counts, and the body is not tried
