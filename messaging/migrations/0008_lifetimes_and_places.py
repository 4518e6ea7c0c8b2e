from django.conf import settings
from django.db import migrations, models

PLACES = """
UPDATE messaging_use u SET place = CASE v.content->'display'->>'type'
    WHEN 'inline' THEN 'inline ' || coalesce(v.content->'display'->>'selector', '')
    WHEN 'banner' THEN 'banner ' || coalesce(v.content->'display'->>'position', 'center')
    ELSE 'modal' END
FROM messaging_messageversion v WHERE v.id = u.version_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0001_initial"),
        ("messaging", "0007_named_buttons_are_clicks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="broadcast",
            name="lifetime_days",
            field=models.PositiveSmallIntegerField(
                db_default=30, default=30, help_text="How long a delivery waits to be seen."
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="lifetime_days",
            field=models.PositiveSmallIntegerField(
                db_default=30, default=30, help_text="How long a delivery waits to be seen."
            ),
        ),
        migrations.AddField(
            model_name="use",
            name="place",
            field=models.TextField(
                db_default="", default="", help_text="Where it is shown: modal, banner top, inline #id."
            ),
        ),
        migrations.AddConstraint(
            model_name="broadcast",
            constraint=models.CheckConstraint(
                condition=models.Q(("lifetime_days__range", (1, 365))), name="broadcast_lifetime_in_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("lifetime_days__range", (1, 365))), name="campaign_lifetime_in_range"
            ),
        ),
        migrations.RunSQL(PLACES, migrations.RunSQL.noop),
    ]
