"""Long work: jobs that a worker runs, and chores that it does by the clock.

A job is a row that pages watch and a task that a worker takes. A worker beats while it works;
one that stops beating is taken for dead, and its task runs again, three times at most. So a job
must be such that doing it twice is doing it once.

A feature names its jobs in `jobs.py` with `@job` and its chores in `chores.py` with `@chore`.
"""
