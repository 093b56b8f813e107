"""What stands between connections and the application, so that no client can occupy a thread.

`connection` is uvicorn's HTTP protocol with deadlines. `application` reads a body, runs Flask in a
thread, holds requests that wait, and sends the answer.
"""
