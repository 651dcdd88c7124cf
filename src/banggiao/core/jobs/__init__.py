"""Work done later: the standard tasks API with lease, retry, schedule and dead letters on the main database.

`models` are the tables, `backend` puts a task into them within the caller's transaction, `worker` runs what is due. A worker
that dies loses its lease and the job runs again, so every job must be able to run twice.
"""
