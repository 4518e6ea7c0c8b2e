"""How often, per day as well: a page about thirty days read 24 times as many hours.

The rows follow from the hours that are there; the follower is held still meanwhile, ingest is not.
"""

from django.db import migrations, models

FILL = """
SELECT tx FROM tracking_watermark WHERE follower = 'rollup' FOR UPDATE;

ALTER TABLE tracking_daybucket SET (fillfactor = 50);

INSERT INTO tracking_daybucket (subject_id, day, count)
SELECT subject_id, (hour AT TIME ZONE 'UTC')::date, sum(count) FROM tracking_bucket GROUP BY 1, 2;
"""


class Migration(migrations.Migration):
    dependencies = [("tracking", "0007_followed")]

    operations = [
        migrations.CreateModel(
            name="DayBucket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_id", models.IntegerField()),
                ("day", models.DateField()),
                ("count", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("subject_id", "day"), name="day_bucket_once"),
                    models.CheckConstraint(condition=models.Q(("count__gt", 0)), name="day_bucket_not_empty"),
                ],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
