"""Turns two to six cases into a table of what each states, property by property: ``/compare``."""

from flask import Blueprint

blueprint = Blueprint("compare", __name__)
