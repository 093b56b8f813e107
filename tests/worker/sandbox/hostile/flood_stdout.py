# what: prints without end
# expect: output_limit
while True:
    print("flood" * 100)
