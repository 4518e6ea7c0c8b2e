from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Says: what, to whom, when."""

    name = "messaging"

    def ready(self) -> None:
        from messaging.broadcasts import source as broadcasts  # noqa: F401 - registers itself
        from messaging.campaigns import source as campaigns  # noqa: F401
