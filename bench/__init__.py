"""Benches: each beside a floor or a peer in one run, as ratios. ``python -m bench [--smoke] [NAME]``."""
