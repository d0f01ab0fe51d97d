"""What the caller hears: texts, audio, Hindi numbers."""
