"""Rows that a follower put aside, tried once more: after a release that can stomach them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from tracking.models import Aside, Event
from tracking.services.followers import FOLLOWERS, Follower
from tracking.services.followers.walk import Piece, hold, passing, told


@dataclass(frozen=True, slots=True)
class Retried:
    """`gone`: rows that were erased or pruned meanwhile, so there is nothing left to do about them."""

    done: int = 0
    still: int = 0
    gone: int = 0


def retry(name: str | None = None) -> Retried:
    """Each row by itself, its work and the end of its being aside in one transaction; of all followers or of one.

    What came after it has been followed already: an identify call that was put aside is applied late.
    """
    counts = {"done": 0, "still": 0, "gone": 0}
    for follower in FOLLOWERS:
        if name in (None, follower.name):
            for pk in Aside.objects.filter(follower=follower.name).order_by("pk").values_list("pk", flat=True):
                counts[_retry(follower, pk)] += 1
    return Retried(**counts)


@transaction.atomic
def _retry(follower: Follower, pk: int) -> str:
    hold(follower.name)  # nobody else counts meanwhile, and of two who retry one finds it done
    aside = Aside.objects.filter(pk=pk).first()
    if aside is None:
        return "gone"
    tx = Event.objects.filter(workspace_id=aside.workspace_id, key=aside.key).values_list("tx", flat=True).first()
    if tx is None:
        aside.delete()
        return "gone"
    try:
        with transaction.atomic():
            follower.work(Piece(tx - 1, tx, (aside.key,)))
    except Exception as error:
        if passing(error):
            raise
        aside.error = told(error)
        aside.save(update_fields=["error"])
        return "still"
    aside.delete()
    return "done"
