"""Hindi typed in fonts of old, and names in the wrong column: known, converted or told.

Start reading in `names`.
"""
