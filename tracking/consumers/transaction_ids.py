"""The event log after a restore: its transaction ids are those of the cluster that it was saved from.

Consumers read the log up to the transactions that are over in *this* cluster. In a newer one, whose ids are lower, they
would take restored rows for ones to come, and new rows for ones they had followed long ago.
"""

from __future__ import annotations

from django.db import connection, transaction

FOREIGN = (
    "The event log has transaction ids of another cluster, as after a restore: run `manage.py prepare`, which moves "
    "them. Until then nothing that is reported is counted."
)
NEWEST = """SELECT GREATEST((SELECT max(tx) FROM tracking_event), (SELECT max(tx) FROM tracking_watermark), 0)"""

# A row that this cluster wrote still has its transaction's id as `xmin`, of which PostgreSQL keeps 32 bits; a row that
# came with a restore has the id of the transaction that restored it.
MOVE = "UPDATE tracking_event SET tx = tx - %s WHERE mod(tx, 4294967296) <> xmin::text::bigint"


def what_is_wrong() -> str | None:
    """None where every id in the log was given by this cluster, or is older than all that it gives."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ({NEWEST}) >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        return FOREIGN if cursor.fetchone()[0] else None


@transaction.atomic
def rebase() -> int:
    """Move the log's ids and the watermarks below all ids of this cluster, by one distance; returns how many rows.

    Rows that were added since the restore keep theirs, and so are still to be followed. Nobody adds to the log
    meanwhile. Doing it twice does it once.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE tracking_event, tracking_watermark IN SHARE ROW EXCLUSIVE MODE")
        if what_is_wrong() is None:
            return 0
        cursor.execute(NEWEST)
        newest = cursor.fetchone()[0]
        cursor.execute("UPDATE tracking_watermark SET tx = tx - %s", [newest])
        cursor.execute(MOVE, [newest])
        return int(cursor.rowcount)
