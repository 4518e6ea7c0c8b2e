"""The pages of people, segments, broadcasts and campaigns."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from messaging.views import broadcasts, campaigns, imports, people, profiles, recipients, segments, sources


class SourceConverter(StringConverter):
    """What sends messages, and nothing else that has such an address, as webhooks have."""

    regex = "broadcasts|campaigns"


register_converter(SourceConverter, "source")

W = "w/<slug:workspace>/"
urlpatterns = [
    path(f"{W}people/", people.people, name="people"),
    path(f"{W}people/new/", profiles.new, name="person_new"),
    path(f"{W}people/attribute/", profiles.row, name="attribute_row"),
    path(f"{W}people/import/", imports.page, name="people_import"),
    path(f"{W}people/<int:pk>/", people.person, name="person"),
    path(f"{W}people/<int:pk>/edit/", profiles.edit, name="person_edit"),
    path(f"{W}segments/", segments.segments, name="segments"),
    path(f"{W}segments/new/", segments.new, name="segment_new"),
    path(f"{W}segments/count/", segments.count, name="segment_count"),
    path(f"{W}segments/rule/", segments.rule_row, name="rule_row"),
    path(f"{W}segments/<int:pk>/", segments.segment, name="segment"),
    path(f"{W}segments/<int:pk>/delete/", segments.delete, name="segment_delete"),
    path(f"{W}broadcasts/", broadcasts.broadcasts, name="broadcasts"),
    path(f"{W}broadcasts/new/", broadcasts.new, name="broadcast_new"),
    path(f"{W}broadcasts/audience/", sources.audience, name="audience"),
    path(f"{W}broadcasts/<int:pk>/", broadcasts.broadcast, name="broadcast"),
    path(f"{W}broadcasts/<int:pk>/edit/", broadcasts.edit, name="broadcast_edit"),
    path(f"{W}broadcasts/<int:pk>/send/", broadcasts.send, name="broadcast_send"),
    path(f"{W}broadcasts/<int:pk>/progress/", broadcasts.progress, name="broadcast_progress"),
    path(f"{W}broadcasts/<int:pk>/cancel/", broadcasts.cancel, name="broadcast_cancel"),
    path(f"{W}broadcasts/<int:pk>/unschedule/", broadcasts.unschedule, name="broadcast_unschedule"),
    path(f"{W}campaigns/", campaigns.campaigns, name="campaigns"),
    path(f"{W}campaigns/new/", campaigns.new, name="campaign_new"),
    path(f"{W}campaigns/<int:pk>/", campaigns.campaign, name="campaign"),
    path(f"{W}campaigns/<int:pk>/edit/", campaigns.edit, name="campaign_edit"),
    path(f"{W}campaigns/<int:pk>/move/<str:verb>/", campaigns.move, name="campaign_move"),
    path(f"{W}<source:kind>/<int:pk>/retry/", sources.retry, name="source_retry"),
    path(f"{W}<source:kind>/compose/fields/", sources.fields, name="source_fields"),
    path(f"{W}<source:kind>/compose/preview/", sources.preview, name="source_preview"),
    path(f"{W}<source:kind>/<int:pk>/people/", recipients.people, name="source_people"),
    path(f"{W}<source:kind>/<int:pk>/duplicate/", sources.duplicate, name="source_duplicate"),
    path(f"{W}<source:kind>/<int:pk>/delete/", sources.delete, name="source_delete"),
]
