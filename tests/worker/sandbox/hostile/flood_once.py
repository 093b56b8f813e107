# what: prints a megabyte at once
# expect: output_limit
print("flood" * 200_000)
