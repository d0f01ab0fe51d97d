"""Inbound calls: the FastAGI server and the conversations, one file each."""
