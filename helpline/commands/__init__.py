"""The commands of `helpline`, a module each."""
