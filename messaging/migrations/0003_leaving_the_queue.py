from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0002_wide_keys")]
    operations = [
        migrations.AddField(
            model_name="delivery",
            name="left_queue_at",
            field=models.DateTimeField(help_text="The client logged it as seen: not offered again.", null=True),
        ),
    ]
