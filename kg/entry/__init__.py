"""Turns shapes into what a person is asked for, and what a person fills in into statements."""
