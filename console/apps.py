from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The house: who may enter, and the wiring of the rooms."""

    name = "console"
