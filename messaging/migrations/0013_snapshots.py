from django.db import migrations, models


class Migration(migrations.Migration):
    """Uses are called snapshots. Names in the catalogue change, and no row."""

    dependencies = [("messaging", "0012_sources_have_one_base")]

    operations = [
        migrations.RemoveConstraint("campaign", "campaign_running_has_use"),
        migrations.RemoveConstraint("broadcast", "broadcast_sent_has_use"),
        migrations.RemoveConstraint("use", "use_source_known"),
        migrations.RenameModel("Use", "Snapshot"),
        migrations.RenameIndex("snapshot", new_name="snapshot_of_source", old_name="use_of_source"),
        migrations.RenameField("broadcast", "use", "snapshot"),
        migrations.RenameField("campaign", "use", "snapshot"),
        migrations.RenameField("delivery", "use_id", "snapshot_id"),
        migrations.AddConstraint(
            "snapshot",
            models.CheckConstraint(condition=models.Q(("source_kind__in", [1, 2])), name="snapshot_source_known"),
        ),
        migrations.AddConstraint(
            "campaign",
            models.CheckConstraint(
                condition=models.Q(("status", "draft"), ("snapshot__isnull", False), _connector="OR"),
                name="campaign_running_has_snapshot",
            ),
        ),
        migrations.AddConstraint(
            "broadcast",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["sending", "finished"]), _negated=True),
                    ("snapshot__isnull", False),
                    _connector="OR",
                ),
                name="broadcast_sent_has_snapshot",
            ),
        ),
        migrations.AlterField(
            "snapshot", "message", models.ForeignKey("messaging.message", models.CASCADE, related_name="snapshots")
        ),
        migrations.AlterField(
            "snapshot",
            "version",
            models.ForeignKey("messaging.messageversion", models.CASCADE, related_name="snapshots"),
        ),
    ]
