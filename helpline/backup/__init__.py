"""Backups of a centre: one archive that is made beside running work, and restored into an empty place."""
