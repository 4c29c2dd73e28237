"""Pages of the check table."""

from django.urls import path

from warranty.views import check_rules

urlpatterns = [
    path("rules/", check_rules.rules, name="rules"),
    path("rules/levels/", check_rules.levels, name="review-levels"),
    path("rules/reasons/", check_rules.reasons, name="cut-reasons"),
    path("rules/reasons/new/", check_rules.reason_new, name="cut-reason-new"),
    path("rules/reasons/<str:code>/", check_rules.reason_edit, name="cut-reason-edit"),
    path("rules/<str:code>/", check_rules.rule, name="rule"),
    path("rules/<str:code>/new/", check_rules.rule_new, name="rule-new"),
]
