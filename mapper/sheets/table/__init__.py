"""Where in a sheet its table lies: the header, its rows, and what stands around them.

Start reading in `body`.
"""
