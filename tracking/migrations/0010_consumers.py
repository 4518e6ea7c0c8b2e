"""What follows the log is called a consumer, and a row that it failed on a dead letter. Tables keep their names."""

from django.db import migrations, models

CONSUMED = """
DROP FUNCTION tracking_followed(text);
CREATE FUNCTION tracking_consumed(name text) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce((SELECT w.tx FROM tracking_watermark w WHERE w.consumer = name), 0)
$$;
"""
FOLLOWED = """
CREATE FUNCTION tracking_followed(name text) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce((SELECT w.tx FROM tracking_watermark w WHERE w.follower = name), 0)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("tracking", "0009_proof")]

    operations = [
        migrations.RunSQL(migrations.RunSQL.noop, FOLLOWED),
        migrations.RenameField("watermark", "follower", "consumer"),
        migrations.AlterModelTable("aside", "tracking_aside"),
        migrations.RenameModel("Aside", "DeadLetter"),
        migrations.RenameField("deadletter", "follower", "consumer"),
        # PostgreSQL's constraint follows its column; Django's own idea of it does not.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("deadletter", "aside_once"),
                migrations.AddConstraint(
                    "deadletter",
                    models.UniqueConstraint(fields=["consumer", "workspace_id", "key"], name="aside_once"),
                ),
            ]
        ),
        migrations.RunSQL(CONSUMED, "DROP FUNCTION tracking_consumed(text);"),
    ]
