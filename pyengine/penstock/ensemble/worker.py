"""The main module of a worker process; see `executors.Processes`."""

from .executors import serve

if __name__ == "__main__":
    serve()
