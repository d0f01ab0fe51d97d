"""The Asterisk configuration that administrators edit, with its checker and applier."""
