"""Pages of pre-authorisations."""

from django.urls import path

from warranty.views import consents

HERE = "pre-authorisations/"
ONE = "pre-authorisations/<str:number>/"
urlpatterns = [
    path(HERE, consents.consents, name="pre-authorisations"),
    path(f"{HERE}new/", consents.consent_new, name="pre-authorisation-new"),
    path(ONE, consents.consent, name="pre-authorisation"),
    path(f"{ONE}edit/", consents.consent_edit, name="pre-authorisation-edit"),
    path(f"{ONE}discard/", consents.consent_discard, name="pre-authorisation-discard"),
    path(f"{ONE}approve/", consents.approve, name="pre-authorisation-approve"),
    path(f"{ONE}return/", consents.give_back, name="pre-authorisation-return"),
    path(f"{ONE}reject/", consents.reject, name="pre-authorisation-reject"),
]
