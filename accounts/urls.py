"""Pages of people and companies."""

from django.urls import path

from accounts.views import (
    absences,
    audit,
    entrance,
    invitations,
    people,
    settings,
    tokens,
)

app_name = "accounts"
urlpatterns = [
    path("language/", entrance.choose_language, name="language"),
    path("company/", entrance.switch_company, name="switch"),
    path("company/<slug:slug>/", entrance.enter, name="enter"),
    path("invitation/<str:secret>/", invitations.accept, name="accept"),
    path("settings/", settings.hub, name="settings"),
    path("settings/profile/", settings.profile, name="profile"),
    path("settings/company/", settings.company, name="company"),
    path("settings/options/", settings.options, name="options"),
    path("settings/audit/", audit.audit, name="audit"),
    path("settings/tokens/", tokens.tokens, name="tokens"),
    path("settings/tokens/<uuid:public_id>/revoke/", tokens.revoke, name="revoke_token"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/invite/", people.invite, name="invite"),
    path("settings/people/<uuid:public_id>/", people.person, name="person"),
    path("settings/people/<uuid:public_id>/role/", people.change_role, name="change_role"),
    path("settings/people/<uuid:public_id>/leave/", people.deactivate, name="deactivate"),
    path("settings/people/<uuid:public_id>/return/", people.reactivate, name="reactivate"),
    path("settings/absences/", absences.absences, name="absences"),
    path("settings/absences/<uuid:public_id>/deputy/", absences.name_deputy, name="name_deputy"),
    path("settings/absences/<uuid:public_id>/end/", absences.end, name="end_absence"),
    path("settings/invitations/<uuid:public_id>/send/", people.resend, name="resend"),
    path("settings/invitations/<uuid:public_id>/revoke/", people.revoke, name="revoke_invitation"),
]
