"""The desk's door: who may connect and how long, what a request must look like, how often a password
is tried."""
