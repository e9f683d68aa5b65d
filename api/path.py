"""Turns a position, a product and a place into a way to the market with its evidence: ``/path``."""

from flask import Blueprint

blueprint = Blueprint("path", __name__)
