"""Turns two axes of the cube and what is held fast into a matrix of counts, and a cell into its experiences: ``/cube``."""

from flask import Blueprint

blueprint = Blueprint("cube", __name__)
