"""Directory of places, posts and officers; assignment and time limits. Pure: time is a parameter."""
