from django.db import migrations, models


class Migration(migrations.Migration):
    """Uses are called snapshots: a name in the catalogue changes, and no row."""

    dependencies = [("tracking", "0010_consumers")]

    operations = [
        migrations.RenameField("event", "use_id", "snapshot_id"),
        migrations.RenameField("response", "use_id", "snapshot_id"),
        migrations.AlterField(
            "subject",
            "kind",
            models.PositiveSmallIntegerField(
                choices=[
                    (1, "opened deliveries"),
                    (2, "people who opened"),
                    (3, "clicked deliveries"),
                    (4, "dismissed deliveries, by reason"),
                    (5, "responses, by action and name"),
                    (6, "responses of the message, whatever the action"),
                    (7, "responses by action whatever the name, of personal snapshots"),
                ]
            ),
        ),
    ]
