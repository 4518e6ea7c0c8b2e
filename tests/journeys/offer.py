"""Run beside a stack (its DATABASE_URL and EARSHOT_DATA in the environment).

Offers messages to everyone of the demo, or to `people` only.

python -m tests.journeys.offer '[{"name": ..., "people": [...], "draft": ..., "only": false}]'
"""

from __future__ import annotations

import json
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")
    import django

    django.setup()
    from console.accounts.models import Workspace
    from messaging.broadcasts.services import broadcasts, sending
    from messaging.messages import services as messages
    from messaging.people.models import Person
    from messaging.segments.models import Segment

    workspace = Workspace.objects.get(slug="demo")
    for wanted in json.loads(sys.argv[1]):
        for id in wanted["people"]:
            person, _ = Person.objects.get_or_create(workspace=workspace, external_id=id)
            person.attributes[wanted["name"]] = "wanted"
            person.save()
        segment = None
        if wanted.get("only"):
            rules = {"all": [{"attribute": wanted["name"], "op": "is", "value": "wanted"}]}
            segment = Segment.objects.create(workspace=workspace, name=wanted["name"], rules=rules)
        message = messages.create(workspace=workspace, name=wanted["name"], draft=wanted["draft"], by=None)
        messages.publish(message, by=None)
        message.refresh_from_db()
        sent = broadcasts.create(workspace=workspace, by=None, name=wanted["name"], message=message, segment=segment)
        broadcasts.launch(sent, by=None)
        sending.send(sent.pk)


if __name__ == "__main__":
    main()
