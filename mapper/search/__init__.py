"""Places and types by what a hurried person types. Pure: an index made from an edition answers.

Start reading in `places` for places, in `types` for types.
"""
