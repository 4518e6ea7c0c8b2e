"""Whether this code and this SECRET_KEY are those of the database. Asked by `prepare`, `/readyz` and every process."""

from __future__ import annotations

from functools import lru_cache

import psycopg
import structlog
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.crypto import salted_hmac

from console.accounts.models import Installation
from console.runtime import pooler
from console.runtime.server.database import parameters

log = structlog.get_logger()

WRONG_KEY = (
    "SECRET_KEY is not the one with which this database was made: delivery ids in browsers, sessions and the secrets "
    "of webhooks would all be unknown. Set SECRET_KEY (or data/secret_key) to the former one; if that is lost, "
    "`manage.py accept_secret_key` takes this one from now on."
)


def what_is_wrong() -> str | None:
    """Why no process may start on this database; None when it may, or when the database does not answer yet."""
    try:
        return check_pooler() or check_migrations() or check_secret_key()
    except (Error, psycopg.Error) as error:
        log.warning("installation.not_checked", error=str(error).partition("\n")[0])
        return None
    finally:
        connection.close()


def check_pooler() -> str | None:
    """What is wrong with what stands before the database. Tried until there is an answer, then remembered."""
    return _pooler_of_this_process()


@lru_cache(maxsize=1)
def _pooler_of_this_process() -> str | None:
    return pooler.why_refused_now(parameters())


def fingerprint() -> str:
    """Says nothing of the key."""
    return salted_hmac("earshot.installation", "fingerprint", algorithm="sha256").hexdigest()


def the_row() -> Installation:
    return Installation.objects.get_or_create(pk=1)[0]


def check_secret_key() -> str | None:
    """What is wrong with SECRET_KEY; the first one that a database sees is taken for its own."""
    row = the_row()
    if not row.secret_fingerprint:
        Installation.objects.filter(pk=1, secret_fingerprint="").update(secret_fingerprint=fingerprint())
        row.refresh_from_db()
    return None if row.secret_fingerprint == fingerprint() else WRONG_KEY


def accept_secret_key() -> None:
    the_row()
    Installation.objects.filter(pk=1).update(secret_fingerprint=fingerprint())


def check_migrations() -> str | None:
    """What is wrong when a newer version has been at the database; this one would misread it."""
    applied = MigrationRecorder(connection).applied_migrations()
    apps, known = _known_migrations()
    newer = [f"{app}.{name}" for app, name in sorted(applied) if app in apps and (app, name) not in known]
    if not newer:
        return None
    return (
        f"The database was upgraded by a newer version of Earshot ({', '.join(newer[:3])} is not known here): start "
        "that version again, or restore the backup that was made before the upgrade (docs/operations.md, Upgrade)."
    )


@lru_cache(maxsize=1)
def _known_migrations() -> tuple[set[str], set[tuple[str, str]]]:
    """The apps of this code that have migrations, and all of those, with the ones that they replace."""
    loader = MigrationLoader(None)
    replaced = {name for migration in loader.disk_migrations.values() for name in migration.replaces}
    return loader.migrated_apps, {*loader.disk_migrations, *replaced}
