# what: a class whose name is a page
# expect: passed
Value.__name__ = Value.__qualname__ = "<img src=x onerror=alert(1)>"
Value.__doc__ = "</pre><script>alert(1)</script>"
