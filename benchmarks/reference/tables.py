"""Makes the reference's tables; run as a process of its own, with the reference's settings."""

import django
from django.db import connection

django.setup()

from benchmarks.reference.models import PlainDelivery, PlainEvent  # noqa: E402

with connection.schema_editor() as editor:
    for model in (PlainEvent, PlainDelivery):
        editor.create_model(model)
