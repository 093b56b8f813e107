# what: touches page after page
# expect: memory_limit
held = []
while True:
    held.append(bytearray(b"x") * 2**24)  # in so few steps that no budget of time can end it first
