"""Tests of the desk, on real records and the shipped directory; only the telephones are played."""
