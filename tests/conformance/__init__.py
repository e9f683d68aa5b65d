"""Turns the W3C's SPARQL test suites into verdicts on an engine, and verdicts into what differs from those that are known."""
