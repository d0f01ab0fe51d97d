"""Telephone numbers as people write them. The lowest floor: mapper and records both read with it."""
