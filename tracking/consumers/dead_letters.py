"""Dead letters are tried again, after a release that mends what made their consumer fail."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from tracking.consumers.models import DeadLetter
from tracking.consumers.registry import CONSUMERS
from tracking.consumers.runner import Consumer, LogRange, hold, passing, told
from tracking.ingest.models import Event


@dataclass(frozen=True, slots=True)
class Retried:
    """`gone`: rows that were erased or pruned meanwhile, so there is nothing left to do about them."""

    done: int = 0
    still: int = 0
    gone: int = 0


def retry(name: str | None = None) -> Retried:
    """Each row by itself, its work and the end of the dead letter in one transaction; of all consumers or of one.

    What came after it has been consumed already: an identify call that failed is applied late.
    """
    counts = {"done": 0, "still": 0, "gone": 0}
    for consumer in CONSUMERS:
        if name in (None, consumer.name):
            for pk in DeadLetter.objects.filter(consumer=consumer.name).order_by("pk").values_list("pk", flat=True):
                counts[_retry(consumer, pk)] += 1
    return Retried(**counts)


@transaction.atomic
def _retry(consumer: Consumer, pk: int) -> str:
    hold(consumer.name)  # nobody else counts meanwhile, and of two who retry one finds it done
    letter = DeadLetter.objects.filter(pk=pk).first()
    if letter is None:
        return "gone"
    tx = Event.objects.filter(workspace_id=letter.workspace_id, key=letter.key).values_list("tx", flat=True).first()
    if tx is None:
        letter.delete()
        return "gone"
    try:
        with transaction.atomic():
            consumer.work(LogRange(tx - 1, tx, (letter.key,)))
    except Exception as error:
        if passing(error):
            raise
        letter.error = told(error)
        letter.save(update_fields=["error"])
        return "still"
    letter.delete()
    return "done"
