from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Says: what, to whom, when."""

    name = "messaging"
