"""Copies of a whole book: taken beside a working centre, made ready, put in a place that is empty."""
