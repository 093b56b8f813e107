# what: joins without end
# expect: memory_limit
text = "x"
while True:
    text += text
