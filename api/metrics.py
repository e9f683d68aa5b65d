"""Turns what the server does into figures for Prometheus: ``/metrics``."""

from flask import Blueprint

blueprint = Blueprint("metrics", __name__)
