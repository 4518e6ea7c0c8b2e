"""Up to where the log was followed, as a function: the planner asks a stable function and so knows how short the tail is.

Of a subquery it knows nothing and takes a third of the log for the tail: it then starts parallel workers for no rows.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION tracking_followed(name text) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce((SELECT w.tx FROM tracking_watermark w WHERE w.follower = name), 0)
$$;
"""
BACK = "DROP FUNCTION tracking_followed(text);"


class Migration(migrations.Migration):
    dependencies = [("tracking", "0006_webhooks")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
