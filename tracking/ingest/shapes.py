"""What the ingest calls look like, for the schema. The line reads them itself (`tracking.ingest.values.Call`)."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from tracking.ingest.rejection_codes import RejectionCode


class _Call(serializers.Serializer[Any]):
    messageId = serializers.CharField(required=False, help_text="Yours; a call sent twice with one is kept once.")
    userId = serializers.CharField(required=False, max_length=150, allow_null=True)
    anonymousId = serializers.CharField(required=False, max_length=150, allow_null=True)
    timestamp = serializers.CharField(required=False, help_text="ISO 8601, or seconds or milliseconds since 1970.")
    sentAt = serializers.CharField(required=False, help_text="Your clock when sending; corrects `timestamp`.")
    writeKey = serializers.CharField(required=False, help_text="The key, where no header can carry it.")
    signature = serializers.CharField(
        required=False,
        allow_null=True,
        help_text="Hex HMAC-SHA256 of `userId`, where the workspace asks for signed people and the key is a write key.",
    )


class IdentifyShape(_Call):
    """Who somebody is: `userId` or `anonymousId`, and traits."""

    traits = serializers.DictField(required=False)


class TrackShape(_Call):
    """What somebody did. An in-app report is the event `Report Delivery Event` with properties deliveryId, metric
    (opened, clicked, dismissed), actionId, actionName, actionValue, reason, value, seconds."""

    event = serializers.CharField(max_length=200)
    properties = serializers.DictField(required=False)


class PageShape(_Call):
    """Which page somebody saw."""

    name = serializers.CharField(required=False, max_length=200)
    properties = serializers.DictField(required=False)


class ScreenShape(PageShape):
    """Which screen of an app somebody saw."""


class GroupShape(_Call):
    """Which group somebody belongs to."""

    groupId = serializers.CharField(max_length=150)
    traits = serializers.DictField(required=False)


class AliasShape(_Call):
    """That somebody known as `previousId` is `userId` now. Of two known people only a secret key makes one."""

    previousId = serializers.CharField(max_length=150)


class BatchShape(serializers.Serializer[Any]):
    """Up to 500 calls of any type in one request."""

    batch = serializers.ListField(child=serializers.DictField(), max_length=500, help_text="Calls, each with a `type`.")
    sentAt = serializers.CharField(required=False)
    writeKey = serializers.CharField(required=False)


class VerdictShape(serializers.Serializer[Any]):
    index = serializers.IntegerField(help_text="The item's place in the batch, from 0.")
    messageId = serializers.CharField(allow_null=True)
    verdict = serializers.ChoiceField(["accepted", "duplicate", "rejected"])
    code = serializers.ChoiceField([code.value for code in RejectionCode], required=False)
    detail = serializers.CharField(required=False)


class AnswerShape(serializers.Serializer[Any]):
    """Success says that the request was handled; each item has its own verdict. What is accepted is committed."""

    success = serializers.BooleanField()
    results = VerdictShape(many=True)


class ProblemShape(serializers.Serializer[Any]):
    """Problem details (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    message = serializers.CharField(help_text="The same as `detail`, for clients that look here.")
    detail = serializers.CharField()
    help = serializers.CharField(required=False)
    results = VerdictShape(many=True, required=False)


SHAPES: dict[str, type[serializers.Serializer[Any]]] = {
    "identify": IdentifyShape,
    "track": TrackShape,
    "page": PageShape,
    "screen": ScreenShape,
    "group": GroupShape,
    "alias": AliasShape,
    "batch": BatchShape,
}
