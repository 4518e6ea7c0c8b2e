"""A text that is a number counts as one, and milliseconds since 1970 as a date: the same as `messaging.common.scalars`."""

from django.db import migrations

NUMBER = r"""
CREATE OR REPLACE FUNCTION messaging_number(value jsonb) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN jsonb_typeof(value) = 'number' OR (jsonb_typeof(value) = 'string'
            AND value #>> '{}' ~ '^-?[0-9]{1,30}(\.[0-9]{1,30})?$') THEN (value #>> '{}')::numeric END
$$;
"""
INSTANT = r"""
CREATE OR REPLACE FUNCTION messaging_instant(value jsonb) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(
        (SELECT CASE WHEN abs(n) >= 100000000000 THEN n / 1000 ELSE n END FROM messaging_number(value) AS n),
        CASE WHEN jsonb_typeof(value) = 'string' THEN (
            SELECT (make_date(m[1]::int, m[2]::int, 1) - DATE '1970-01-01' + m[3]::int - 1)::numeric * 86400
                + COALESCE(m[4]::int, 0) * 3600 + COALESCE(m[5]::int, 0) * 60 + COALESCE(m[6]::numeric, 0)
                - (COALESCE(m[9]::int, 0) * 60 + COALESCE(m[10]::int, 0)) * 60 * CASE m[8] WHEN '-' THEN -1 ELSE 1 END
            FROM regexp_match(value #>> '{}',
                '^([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])'
                '(?:[T ]([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9](?:\.[0-9]{1,9})?))?'
                '(?:(Z)|([+-])([01][0-9]|2[0-3]):?([0-5][0-9]))?)?$') m
            WHERE m[1] <> '0000') END)
$$;
"""
BEFORE = r"""
CREATE OR REPLACE FUNCTION messaging_number(value jsonb) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE jsonb_typeof(value) WHEN 'number' THEN (value #>> '{}')::numeric END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("messaging", "0008_lifetimes_and_places")]
    operations = [migrations.RunSQL(NUMBER, BEFORE), migrations.RunSQL(INSTANT, migrations.RunSQL.noop)]
