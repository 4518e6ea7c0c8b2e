from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The house: who may enter, and the wiring of the rooms."""

    name = "console"

    def ready(self) -> None:
        # Here and not in the package, so that the supervisor and the clock can do without Django and Celery's weight.
        import console.accounts.schema  # noqa: F401 - registers itself with drf-spectacular
        from console import celery  # noqa: F401
        from console.health import disk, heartbeats, pooler, servers, versions  # noqa: F401 - register their checks
