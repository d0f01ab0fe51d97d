"""The web: executive, officer, supervisor and administrator pages."""
