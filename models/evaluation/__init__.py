"""Measuring what is heard against what was said: errors with intervals, roles, speakers, inventions, confidence."""
