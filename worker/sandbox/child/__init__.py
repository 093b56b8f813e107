"""The other side: the zygote and the layers around a student's code. Runs by path."""
