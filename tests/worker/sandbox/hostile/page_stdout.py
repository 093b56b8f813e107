# what: prints what pages and tables could take for their own
# expect: passed
print("<script>alert(1)</script>")
print("\x1b[31m\x1b]0;title\x07")
print("=cmd|' /C calc'!A0")
print("x" * 10_000)
