"""Primary keys that carry workspace and person, and versions that cannot change."""

from django.db import migrations

FORWARD = """
ALTER TABLE messaging_delivery DROP CONSTRAINT messaging_delivery_pkey,
    ADD PRIMARY KEY (workspace_id, person_id, id);
CREATE FUNCTION messaging_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.content IS DISTINCT FROM OLD.content OR NEW.number <> OLD.number OR NEW.message_id <> OLD.message_id THEN
        RAISE EXCEPTION 'A published version is immutable; publish a new one.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_is_immutable BEFORE UPDATE ON messaging_messageversion
    FOR EACH ROW EXECUTE FUNCTION messaging_refuse_change();
"""
BACK = """
DROP TRIGGER version_is_immutable ON messaging_messageversion;
DROP FUNCTION messaging_refuse_change();
ALTER TABLE messaging_delivery DROP CONSTRAINT messaging_delivery_pkey, ADD PRIMARY KEY (id);
"""


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
