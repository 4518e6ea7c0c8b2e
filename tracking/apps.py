from django.apps import AppConfig


class TrackingConfig(AppConfig):
    """Hears: what happened, and how much."""

    name = "tracking"
