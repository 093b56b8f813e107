# what: runs a program by the standard library
# expect: denied
for name in ("subprocess", "multiprocessing", "concurrent.futures", "asyncio", "pty"):
    try:
        __import__(name)
    except ImportError:  # it was not loaded before the files were gone
        print("denied")
    else:
        print("ESCAPED", name)
