"""Input shapes of people pages; they check shape only, services decide."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.directory import dealer_labels, dealer_of_number
from accounts.models import Membership, User
from accounts.roles import Role
from core.models import Tenant
from core.options import OPTIONS, OptionSpec

TELEPHONE = RegexValidator(
    r"^[0-9+()\- ]{5,20}$", _("Digits, blanks and + - ( ) only, for example +86 138 0013 8000.")
)
# The zones that a list can hold; any other one stays when it is stored already.
ZONES = [
    "Asia/Shanghai",
    "Asia/Urumqi",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Tokyo",
    "Asia/Ho_Chi_Minh",
    "Asia/Bangkok",
    "Asia/Jakarta",
    "Asia/Dhaka",
    "Asia/Kolkata",
    "Asia/Karachi",
    "Asia/Tashkent",
    "Asia/Dubai",
    "Europe/Moscow",
    "Europe/Istanbul",
    "Europe/Berlin",
    "Europe/London",
    "Africa/Cairo",
    "Africa/Nairobi",
    "Africa/Lagos",
    "America/Sao_Paulo",
    "America/Mexico_City",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "Australia/Sydney",
    "UTC",
]


def zone_choices(present: str) -> list[tuple[str, str]]:
    known = available_timezones()
    listed = [zone for zone in ZONES if zone in known]
    if present and present not in listed:
        listed.append(present)
    return [(zone, zone.replace("_", " ")) for zone in listed]


def language_choices() -> list[tuple[str, Any]]:
    return [(code, name) for code, name in settings.LANGUAGES]


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("name", "phone", "language", "time_zone")

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].validators.append(TELEPHONE)
        like_company = _("As the company: %(value)s")
        names = dict(settings.LANGUAGES)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"),
            required=False,
            choices=[
                ("", like_company % {"value": names.get(tenant.language, tenant.language)}),
                *language_choices(),
            ],
        )
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"),
            required=False,
            choices=[
                ("", like_company % {"value": tenant.time_zone}),
                *zone_choices(self.instance.time_zone),
            ],
        )


class RoleForm(forms.Form):
    """A role, and the dealer's number for a dealer's people."""

    role = forms.ChoiceField(label=pgettext_lazy("of a person", "Role"), choices=Role.choices)
    dealer = forms.CharField(
        label=_("Dealer number"),
        required=False,
        max_length=20,
        help_text=_("Only for dealer roles, for example D-0001."),
    )

    def clean_dealer(self) -> int | None:
        number: str = self.cleaned_data["dealer"].strip()
        if not number:
            return None
        found = dealer_of_number(number)
        if found is None:
            raise forms.ValidationError(_("There is no dealer with this number."))
        return found

    @classmethod
    def of(cls, membership: Membership) -> RoleForm:
        label = dealer_labels([membership.dealer_id]) if membership.dealer_id else {}
        number = next(iter(label.values()), "").partition(" ")[0]
        return cls(initial={"role": membership.role, "dealer": number})


class InviteForm(RoleForm):
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=80)

    field_order = ("email", "name", "role", "dealer")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class AcceptForm(forms.Form):
    """A new person's name and password."""

    name = forms.CharField(label=_("Your name"), max_length=80)
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters, not only digits, and none that everybody uses."),
    )
    again = forms.CharField(
        label=_("Password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if password:
            try:
                validate_password(password, User(email=self.email, name=cleaned.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
            if "again" in cleaned and cleaned["again"] != password:
                self.add_error("again", _("The two passwords are not the same."))
        return cleaned


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What uses it, for example: call centre.")
    )
    person = forms.ModelChoiceField(
        label=_("Acts as"),
        queryset=Membership.objects.none(),
        to_field_name="public_id",
        help_text=_("It may do what this person's role may, and is named after them."),
    )
    days = forms.IntegerField(
        label=_("Valid for"), min_value=1, max_value=730, initial=365, help_text=_("Days, 1 to 730")
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.queryset = people
        field.label_from_instance = lambda post: f"{post.user.name} · {post.role_label}"


class CompanyForm(forms.ModelForm):
    class Meta:
        model = Tenant
        fields = ("name", "name_en", "hotline", "address", "language", "time_zone")
        labels = {
            "name": _("Name of the company"),
            "name_en": _("Name in English"),
            "hotline": _("Hotline"),
            "address": _("Address"),
            "language": _("Language"),
            "time_zone": _("Time zone"),
        }
        help_texts = {
            "hotline": _("Stands on papers and in every message to customers."),
            "language": _("For people who chose none, and for messages to customers."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"), choices=zone_choices(self.instance.time_zone)
        )


def _option_field(spec: OptionSpec) -> forms.Field:
    common: dict[str, Any] = {"label": spec.label}
    if spec.kind is bool:
        return forms.BooleanField(required=False, **common)
    if spec.kind is int:
        return forms.IntegerField(min_value=0, max_value=spec.most or 1_000_000, **common)
    return forms.CharField(max_length=200, **common)


class OptionsForm(forms.Form):
    """Every setting of the company with its present value, and one reason for what changes."""

    reason = forms.CharField(
        label=_("Reason for the change"),
        max_length=200,
        help_text=_("Kept with the date and your name."),
    )

    def __init__(self, data: Any = None, *, present: dict[str, Any]) -> None:
        super().__init__(data, initial=present)
        self.present = present
        for key, spec in OPTIONS.items():
            self.fields[key] = _option_field(spec)

    def option_fields(self) -> list[tuple[Any, str]]:
        """Each setting's field and its unit."""
        return [(self[key], str(spec.unit)) for key, spec in OPTIONS.items()]

    def changes(self) -> dict[str, Any]:
        """The settings whose value is another one now."""
        given = self.cleaned_data
        return {key: given[key] for key in OPTIONS if given[key] != self.present[key]}
