from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from console.accounts.services import installation


class Command(BaseCommand):
    help = "Take the present SECRET_KEY for the database's own, when the former one is lost. Everybody is signed out."

    def handle(self, *args: Any, **options: Any) -> None:
        installation.accept_secret_key()
        self.stdout.write("Taken. Deliveries that browsers hold already are unknown now; new ones are not affected.")
