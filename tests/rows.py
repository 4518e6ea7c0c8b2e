"""Everything that apps keep, to tell whether anything changed."""

from __future__ import annotations

from django.apps import apps


def all_rows(*labels: str, but: tuple[str, ...] = ("AuditEntry",)) -> dict[str, list[str]]:
    """By model, its rows as texts; of the audit log none, since that something was tried may stand there."""
    models = (model for label in labels for model in apps.get_app_config(label).get_models())
    return {
        model.__name__: sorted(repr(row) for row in model._base_manager.values())
        for model in models
        if model.__name__ not in but
    }
