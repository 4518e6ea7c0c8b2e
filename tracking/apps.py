from django.apps import AppConfig


class TrackingConfig(AppConfig):
    """Hears: what happened, and how much."""

    name = "tracking"

    def ready(self) -> None:
        from tracking import health  # noqa: F401 - registers its checks
