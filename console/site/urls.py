from __future__ import annotations

from django.urls import path

from console.accounts.views import audit, invitations, keys, members, workspaces
from console.site.views import dashboard, problems, sample

app_name = "console"

W = "w/<slug:workspace>/"
urlpatterns = [
    path("", workspaces.home, name="home"),
    path("sample/", sample.sample, name="sample"),
    path("problems/", problems.problems, name="problems"),
    path("workspaces/new/", workspaces.new, name="workspace_new"),
    path("workspaces/<slug:slug>/leave/", workspaces.leave, name="leave"),
    path(W, dashboard.dashboard, name="dashboard"),
    path(W + "counts/", dashboard.counts, name="counts"),
    path(W + "members/", members.members, name="members"),
    path(W + "members/<int:pk>/role/", members.change, name="member_role"),
    path(W + "members/<int:pk>/remove/", members.remove, name="member_remove"),
    path(W + "invitations/<int:pk>/withdraw/", invitations.withdraw, name="invitation_withdraw"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path(W + "keys/", keys.keys, name="keys"),
    path(W + "keys/<int:pk>/revoke/", keys.revoke, name="key_revoke"),
    path(W + "audit/", audit.audit, name="audit"),
    path(W + "settings/", workspaces.settings, name="settings"),
]
