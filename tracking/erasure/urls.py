from __future__ import annotations

from django.urls import path

from tracking.erasure import views

urlpatterns = [path("w/<slug:workspace>/people/<int:pk>/erase/", views.person, name="erase_person")]
