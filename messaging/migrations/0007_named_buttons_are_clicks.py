from django.db import migrations

# What is reported from now on of what was sent before: only the close action dismisses.
FORWARD = """
UPDATE messaging_use SET actions = (
    SELECT jsonb_agg(
        one || jsonb_build_object(
            'dismissal', one->>'id' = 'close',
            'closes', CASE WHEN one->>'dismissal' = 'true' AND one->>'id' <> 'close' THEN 'action' ELSE '' END)
        ORDER BY place)
    FROM jsonb_array_elements(actions) WITH ORDINALITY AS each (one, place))
WHERE jsonb_typeof(actions) = 'array' AND jsonb_array_length(actions) > 0
"""
BACK = """
UPDATE messaging_use SET actions = (
    SELECT jsonb_agg(
        (one - 'closes') || jsonb_build_object(
            'dismissal', one->>'dismissal' = 'true' OR coalesce(one->>'closes', '') <> '')
        ORDER BY place)
    FROM jsonb_array_elements(actions) WITH ORDINALITY AS each (one, place))
WHERE jsonb_typeof(actions) = 'array' AND jsonb_array_length(actions) > 0
"""


class Migration(migrations.Migration):
    dependencies = [("messaging", "0006_failed_deliveries")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
