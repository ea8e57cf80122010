"""Prefect flows, the command line and settings. Nothing imports this room but tests."""
