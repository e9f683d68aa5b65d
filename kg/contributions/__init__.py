"""Turns what somebody sends into a record of what happens to it, and in the end into a published version."""
