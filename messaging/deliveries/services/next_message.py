"""What an action that shows another message hands over: that message's delivery, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from messaging.deliveries.services import queue
from messaging.deliveries.services.queue import Ask, Offer
from messaging.people.models import AnonymousId, Person
from messaging.people.services.people import canonical
from messaging.values import DeliveryRef


def with_next(ref: DeliveryRef, content: Any) -> Any:
    """The content, each of its actions that shows a message with the `properties` of that message as the person's queue
    gives them. Without them no client could draw it, or report on it; what does not wait for them is not handed over.
    """
    if content is None or not any(_leading(content)):
        return content
    waiting = {str(offer.message_id): offer for offer in reversed(_offers(ref))}
    content = deepcopy(content)  # it is kept in memory for others
    for behaviour in _leading(content):
        if offer := waiting.get(behaviour.get("value", "")):
            behaviour["properties"] = {"gist": {"campaignId": offer.token, **offer.display}}
    return content


def _leading(content: Any) -> Iterator[dict[str, Any]]:
    """Behaviours of actions that show a message."""
    for block in (block for step in content["steps"] for block in step["blocks"]):
        for action in [block.get("action"), *block.get("options", [])]:
            if action and action["behaviour"].get("kind") == "message":
                yield action["behaviour"]


def _offers(ref: DeliveryRef) -> list[Offer]:
    now = canonical(ref.workspace_id, [ref.person_id]).get(ref.person_id, ref.person_id)
    person = Person.objects.filter(workspace=ref.workspace_id, pk=now).first()
    if person is None:
        return []
    if person.external_id is not None:
        return queue.offers(Ask(ref.workspace_id, user_id=person.external_id))
    browser = AnonymousId.objects.filter(workspace=ref.workspace_id, person=person).first()
    return queue.offers(Ask(ref.workspace_id, anonymous_id=browser.anonymous_id)) if browser else []
