"""Addresses of policies, below settings/policies/."""

from django.urls import path

from sla import policy_views, profile_views, reapply_views

urlpatterns = [
    path("settings/policies/", policy_views.policies, name="policies"),
    path("settings/policies/new/", policy_views.policy_new, name="policy-new"),
    path("settings/policies/profiles/", profile_views.profiles, name="profiles"),
    path("settings/policies/profiles/<slug:profile>/", profile_views.profile, name="profile"),
    path("settings/policies/<slug:code>/", policy_views.policy_edit, name="policy"),
    path(
        "settings/policies/<slug:code>/history/", policy_views.policy_history, name="policy-history"
    ),
    path(
        "settings/policies/<slug:code>/withdraw/",
        policy_views.policy_withdraw,
        name="policy-withdraw",
    ),
    path("settings/policies/<slug:code>/running/", reapply_views.running, name="policy-running"),
    path(
        "settings/policies/<slug:code>/running/<uuid:public_id>/",
        reapply_views.reapply_job,
        name="reapply-job",
    ),
]
