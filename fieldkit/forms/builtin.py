"""The form that comes with the program."""

from __future__ import annotations

from functools import cache
from importlib import resources

from fieldkit.forms.definition import Form
from fieldkit.forms.loading import load_form

INCIDENT_FILE = "incident.json"


@cache
def incident_form() -> Form:
    """The built-in incident form, compiled from `incident.md` by `make form`."""
    return load_form(resources.files("fieldkit.forms").joinpath(INCIDENT_FILE).read_bytes())
