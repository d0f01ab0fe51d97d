"""The live link to Asterisk: who is ringing, talking, paused."""
