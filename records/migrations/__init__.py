"""Schema versions in order. A published version is never edited: a change is a new version."""
