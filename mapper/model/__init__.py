"""What the directory is made of: places and their units, posts, officers, rules. Plain values.

Start reading in `place_model`, then `rule_model`.
"""
