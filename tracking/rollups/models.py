"""The roll-ups. `tracking.rollups.fold` says what they mean; `check_counts` recounts them from the log."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db import models


class SubjectKind(models.IntegerChoices):
    OPENED = 1, "opened deliveries"
    OPENED_PEOPLE = 2, "people who opened"
    CLICKED = 3, "clicked deliveries"
    DISMISSED = 4, "dismissed deliveries, by reason"
    RESPONSE = 5, "responses, by action and name"
    RESPONDED = 6, "responses of the message, whatever the action"
    NAMELESS = 7, "responses by action whatever the name, of personal snapshots"


class Subject(models.Model):
    """What is counted: something about one message in one source. `name` is the resolved action name, or the reason.

    Distinct people do not add up, so what pages show as one number is a subject of its own: everybody who responded
    (RESPONDED, no action, no name), and everybody who used an action whose name varies per person (NAMELESS, no name).
    """

    id = models.AutoField(primary_key=True)
    workspace_id = models.IntegerField()
    kind = models.PositiveSmallIntegerField(choices=SubjectKind.choices)
    source_kind = models.PositiveSmallIntegerField()
    source_id = models.IntegerField()
    message_id = models.IntegerField()
    action_id = models.TextField(default="")
    name = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "workspace_id",
                    "source_kind",
                    "source_id",
                    "message_id",
                    "kind",
                    "action_id",
                    "name",
                ],
                name="subject_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"


class Bucket(models.Model):
    """How often, per UTC hour. No rows of zero."""

    subject_id = models.IntegerField()
    hour = models.DateTimeField()
    count = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_id", "hour"], name="bucket_once"),
            models.CheckConstraint(condition=models.Q(count__gt=0), name="bucket_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.count} at {self.hour}"


class DayBucket(models.Model):
    """How often, per UTC day: the hours of `Bucket` added up, so that a page about a year reads days."""

    subject_id = models.IntegerField()
    day = models.DateField()
    count = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_id", "day"], name="day_bucket_once"),
            models.CheckConstraint(condition=models.Q(count__gt=0), name="day_bucket_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.count} on {self.day}"


class Mark(NamedTuple):
    """That a delivery was seen under a subject on a UTC day; `of_people`: what that subject counts is the person."""

    subject_id: int
    of_people: bool
    day: date

    @classmethod
    def read(cls, number: int) -> Mark:
        return cls(number >> 17, bool(number & 1 << 16), date(1970, 1, 1) + timedelta(days=number & 0xFFFF))


class Seen(models.Model):
    """All that was seen of one delivery, as sorted numbers (see `Mark`), each once: at most days times subjects.

    `place_id` is the message in its source, named by its subject OPENED: every report proves an opening, so there is
    one. People are counted over all their deliveries in a place, which is a range of the table's true primary key:
    (workspace, person, place, delivery).
    """

    workspace_id = models.IntegerField()
    person_id = models.BigIntegerField()
    place_id = models.IntegerField()
    delivery_id = models.BigIntegerField(primary_key=True)
    marks = ArrayField(models.BigIntegerField())

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(marks__len__gt=0), name="seen_not_empty")]

    def __str__(self) -> str:
        return f"delivery {self.delivery_id}"

    def told(self) -> list[Mark]:
        return [Mark.read(number) for number in self.marks]


class People(models.Model):
    """How many entities were seen on `day` and, the last time before it, on `previous` (NULL: never before).

    So the distinct entities of any range of days [a, b] are the sum over a <= day <= b with previous NULL or < a.
    """

    subject_id = models.IntegerField()
    day = models.DateField()
    previous = models.DateField(null=True)
    count = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(fields=["subject_id", "day", "previous"], name="people_once", nulls_distinct=False),
            models.CheckConstraint(condition=models.Q(count__gt=0), name="people_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.count} on {self.day}"
