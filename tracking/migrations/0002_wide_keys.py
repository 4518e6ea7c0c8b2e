"""Primary keys that carry the workspace (and person), without a second index on Django's own key."""

from django.db import migrations

FORWARD = """
ALTER TABLE tracking_event DROP CONSTRAINT tracking_event_pkey, ADD PRIMARY KEY (workspace_id, key);
ALTER TABLE tracking_response DROP CONSTRAINT tracking_response_pkey, ADD PRIMARY KEY (workspace_id, person_id, key);
"""
BACK = """
ALTER TABLE tracking_response DROP CONSTRAINT tracking_response_pkey, ADD PRIMARY KEY (key);
ALTER TABLE tracking_event DROP CONSTRAINT tracking_event_pkey, ADD PRIMARY KEY (key);
"""


class Migration(migrations.Migration):
    dependencies = [("tracking", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
