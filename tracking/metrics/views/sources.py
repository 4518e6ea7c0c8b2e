"""Fetch and authorise: the broadcast or campaign that an address names."""

from __future__ import annotations

from django.http import Http404

from console.accounts.models import Workspace
from messaging import public
from messaging.public import Source

KINDS = {"broadcasts": 1, "campaigns": 2}


def source_of(workspace: Workspace, kind: str, pk: int) -> Source:
    """Raises Http404 for what is not there, or is another workspace's."""
    found = public.source(workspace.pk, KINDS[kind], pk) if kind in KINDS and pk < 2**31 else None
    if found is None:
        raise Http404("No such broadcast or campaign.")
    return found
