"""The book as such: that there is one, which one it is, that it is still there; and beginning one."""
