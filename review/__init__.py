"""The people's desk: what a person reads, plays and corrects after a run; reports, web app, templates."""
