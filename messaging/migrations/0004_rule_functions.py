"""How rules read an attribute: the same as `messaging.common.scalars`, and never an error."""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION messaging_text(value jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE jsonb_typeof(value) WHEN 'string' THEN value #>> '{}' END
$$;
CREATE FUNCTION messaging_number(value jsonb) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE jsonb_typeof(value) WHEN 'number' THEN (value #>> '{}')::numeric END
$$;
CREATE FUNCTION messaging_instant(value jsonb) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE jsonb_typeof(value)
        WHEN 'number' THEN (value #>> '{}')::numeric
        WHEN 'string' THEN (
            SELECT (make_date(m[1]::int, m[2]::int, 1) - DATE '1970-01-01' + m[3]::int - 1)::numeric * 86400
                + COALESCE(m[4]::int, 0) * 3600 + COALESCE(m[5]::int, 0) * 60 + COALESCE(m[6]::numeric, 0)
                - (COALESCE(m[9]::int, 0) * 60 + COALESCE(m[10]::int, 0)) * 60 * CASE m[8] WHEN '-' THEN -1 ELSE 1 END
            FROM regexp_match(value #>> '{}',
                '^([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])'
                '(?:[T ]([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9](?:\.[0-9]{1,9})?))?'
                '(?:(Z)|([+-])([01][0-9]|2[0-3]):?([0-5][0-9]))?)?$') m
            WHERE m[1] <> '0000')
        END
$$;
"""
BACK = """
DROP FUNCTION messaging_text(jsonb);
DROP FUNCTION messaging_number(jsonb);
DROP FUNCTION messaging_instant(jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("messaging", "0003_leaving_the_queue")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
