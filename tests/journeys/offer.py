"""Run beside a stack (its DATABASE_URL and EARSHOT_DATA in the environment): offers messages to everyone of the demo.

python -m tests.journeys.offer '[{"name": ..., "people": [...], "draft": ...}]'
"""

from __future__ import annotations

import json
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")
    import django

    django.setup()
    from console.models import Workspace
    from messaging.models import Person
    from messaging.services import broadcasts, messages, sending

    workspace = Workspace.objects.get(slug="demo")
    for wanted in json.loads(sys.argv[1]):
        for person in wanted["people"]:
            Person.objects.get_or_create(workspace=workspace, external_id=person)
        message = messages.create(workspace=workspace, name=wanted["name"], draft=wanted["draft"], by=None)
        messages.publish(message, by=None)
        message.refresh_from_db()
        sent = broadcasts.create(workspace=workspace, by=None, name=wanted["name"], message=message)
        broadcasts.launch(sent, by=None)
        sending.send(sent.pk)


if __name__ == "__main__":
    main()
