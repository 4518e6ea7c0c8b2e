from __future__ import annotations

from django.db import models


class Installation(models.Model):
    """What holds for the whole database. There is one row, made by `manage.py prepare`."""

    id = models.SmallAutoField(primary_key=True)
    secret_fingerprint = models.CharField(
        max_length=64, blank=True, help_text="Of the SECRET_KEY with which sessions and delivery ids were signed."
    )
    pruned_on = models.DateField(null=True, blank=True, help_text="The last day on which old rows were deleted.")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="installation_is_one")]

    def __str__(self) -> str:
        return "Installation"
