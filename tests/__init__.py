"""Tests, a folder per room; shared fixtures in conftest.py."""
