"""Turns the graph into what is told about it as a whole: ``/about``, ``/coverage``, the sitemap."""

from flask import Blueprint

blueprint = Blueprint("about", __name__)
