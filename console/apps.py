from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The house: who may enter, and the wiring of the rooms."""

    name = "console"

    def ready(self) -> None:
        import console.schema  # noqa: F401 - registers itself with drf-spectacular
