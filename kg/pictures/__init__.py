"""Turns rows into pictures: SVG text, drawn here without another program."""
