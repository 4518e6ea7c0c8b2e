from django.db import migrations


class Migration(migrations.Migration):
    """Rejects are called rejections: names in the catalogue change, and no row."""

    dependencies = [("tracking", "0011_snapshots")]

    operations = [
        migrations.RenameModel("Reject", "Rejection"),
        migrations.RenameIndex("rejection", new_name="rejection_newest", old_name="reject_newest"),
    ]
