"""Whether the servers of DATABASE_URL and REDIS_URL answer. Says one line and exits 1 when one does not.

    python -m console.runtime.supervisor.server_checks

A process of its own, so that the supervisor need not carry the drivers.
"""

from __future__ import annotations

import os
import sys

NEWEST, OLDEST = 18, 15


def main() -> int:
    for check in (database, redis):
        if wrong := check():
            print(" ".join(wrong.split()), file=sys.stderr)  # noqa: T201
            return 1
    return 0


def database() -> str | None:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    from console.runtime import pooler

    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith(("postgres://", "postgresql://")):
        return "DATABASE_URL is not of the form postgres://user:password@host:5432/name: mend it, or unset it."
    try:
        where = conninfo_to_dict(url)
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version // 10000
            if not OLDEST <= version <= NEWEST:
                return f"DATABASE_URL: that is PostgreSQL {version}; Earshot needs {OLDEST} to {NEWEST}."
            row = connection.execute("SELECT has_schema_privilege(current_schema(), 'CREATE')").fetchone()
            if row and not row[0]:
                return f"DATABASE_URL: {where.get('user')} may not make tables there: grant CREATE on the schema."
        return pooler.why_refused_now({"conninfo": url, "connect_timeout": 5})
    except psycopg.Error as error:
        said = str(error).strip().splitlines()[-1]
        return f"DATABASE_URL: cannot reach the database ({said}): start it, mend the URL, or unset it."


def redis() -> str | None:
    from redis import Redis, RedisError

    url = os.environ.get("REDIS_URL", "")
    if not url.startswith(("redis://", "rediss://")):
        return "REDIS_URL is not of the form redis://:password@host:6379/0: mend it, or unset it."
    try:
        with Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as client:
            client.ping()
    except (RedisError, ValueError, OSError) as error:
        return f"REDIS_URL: cannot reach Redis ({error}): start it, mend the URL, or unset it."
    return None


if __name__ == "__main__":
    sys.exit(main())
