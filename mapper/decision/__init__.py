"""Who must resolve a complaint, by which day, and why. Pure: no clock, no database, no network.

Start reading in `assign`; `choice` has the rule that wins.
"""
