"""Tests of what the caller hears."""
