from __future__ import annotations

from django.urls import path

from messaging.people.views import imports, people, profiles

PEOPLE = "w/<slug:workspace>/people/"
urlpatterns = [
    path(PEOPLE, people.people, name="people"),
    path(f"{PEOPLE}new/", profiles.new, name="person_new"),
    path(f"{PEOPLE}attribute/", profiles.row, name="attribute_row"),
    path(f"{PEOPLE}import/", imports.page, name="people_import"),
    path(f"{PEOPLE}<int:pk>/", people.person, name="person"),
    path(f"{PEOPLE}<int:pk>/edit/", profiles.edit, name="person_edit"),
]
