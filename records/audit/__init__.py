"""Is what is kept what was written? Chains, rows and heads are compared; nothing is changed.

Start reading in `verifying`.
"""
