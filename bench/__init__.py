"""Measurements, side by side with a peer in one run. Each prints a table and writes nothing into the repository."""
