"""A newer release upgrades the database, the older one is tried again, and the newer one goes on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests import stacks
from tests.chaos.reporter import Reporter, manage

pytestmark = pytest.mark.chaos

LATER = "9999_a_later_release"
MIGRATION = """
from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("tracking", "{last}")]
    operations = [migrations.RunSQL("ALTER TABLE tracking_event ADD COLUMN channel text")]
"""


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """This release with one migration more."""
    code = tmp_path / "newer"
    others = shutil.ignore_patterns(".git", ".venv", "node_modules", "data", "tests", "__pycache__", ".*_cache")
    shutil.copytree(stacks.ROOT, code, ignore=others)
    folder = code / "tracking" / "migrations"
    last = max(path.stem for path in folder.glob("0*.py"))
    (folder / f"{LATER}.py").write_text(MIGRATION.format(last=last))
    return code


def test_the_older_release_refuses_the_newer_ones_database_and_the_newer_one_goes_on(
    newer: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    running = stacks.start(data, code=newer)
    reporter = Reporter(running.note)
    assert reporter.tap()
    assert running.stop() == 0

    refused = manage(data, "up")
    assert refused.returncode == 1
    [line] = [line for line in refused.stderr.splitlines() if line.startswith("earshot:")]
    assert LATER in line
    assert "Traceback" not in refused.stderr

    running = stacks.start(data, code=newer)
    try:
        reporter.note = running.note
        assert reporter.tap()
        reporter.expect_all(data, newer)
    finally:
        running.stop()
