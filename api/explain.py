"""Turns a statement into the reason why it holds: ``/explain``."""

from flask import Blueprint

blueprint = Blueprint("explain", __name__)
