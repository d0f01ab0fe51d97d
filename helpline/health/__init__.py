"""What is wrong with this machine: looks, taken in turn, for healthz, the doctor and the desk's alarm bar."""
