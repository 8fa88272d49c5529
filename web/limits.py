"""Every limit of the page and the endpoints: what it limits, and what enforces it.

Three stand where pictures are opened: MAX_PIXELS and FORMATS in `mnist_models.preparation.picture`,
and NUM_OPENED, how many at the same time, in `mnist_models.reader`.
"""

MEGABYTE = 1_000_000
"""In bytes."""

MAX_UPLOAD = 20 * MEGABYTE
"""The largest picture file, in bytes; `launch(max_file_size=...)`, `web.api.routes`, and
`web.guard.addresses` for what is fetched."""

MAX_BODY = MAX_UPLOAD + 100_000
"""The largest body that carries a file, with the form around it, in bytes; `web.guard.bodies`, and
`scale/nginx.conf` before it."""

MAX_TEXT_BODY = 1 * MEGABYTE
"""The largest body that carries anything else, such as JSON, in bytes; `web.guard.bodies`."""

MAX_BODY_SECONDS = 60
"""How long a body may take to arrive; `web.guard.bodies`."""

MAX_HELD = 20 * MAX_BODY
"""All bodies together whose answers are awaited, in bytes; `web.guard.bodies`. When there are more,
those beyond `MAX_TEXT_BODY` are refused, while drawings and most pictures go on being read."""

MAX_BATCH = 100
"""Pictures in one call of `/predict_batch`; `web.api.endpoints`."""

FETCH_SECONDS = 10
"""How long a picture may take to come from its address; `web.guard.addresses`. With 0 no picture is
fetched."""

MAX_FETCHED = 5
"""Pictures that one call of `/predict_batch` fetches at the same time; `web.api.endpoints`."""

MAX_REDIRECTS = 5
"""How often an address may lead to another; `web.guard.addresses`."""

MAX_DRAWING = 200_000
"""The longest drawing of the pad, in characters of its data URL; `web.components.pad`."""

MAX_QUEUE = 200
"""Calls that may wait at once; `queue(max_size=...)`, and `web.api.routes` for its own."""

MAX_SESSIONS = 100
"""Visitors whom Gradio remembers; `launch(state_session_capacity=...)`.

It remembers 10,000 unless told, at some 90 kB each, and counts every call of an endpoint as one.
Nothing here needs what it remembers.
"""

MAX_CONCURRENT = 4
"""Calls that are answered at once; `queue(default_concurrency_limit=...)` and `web.api.routes`."""

MAX_THREADS = 2 * MAX_CONCURRENT
"""Threads that Gradio works with; `launch(max_threads=...)`. Its 40 are more than two cores use,
and each keeps memory of its own."""

MAX_ARENAS = 2
"""Pools from which threads take memory; `web.guard.memory`."""

DELETE_EVERY, DELETE_AFTER = 600, 3000
"""Seconds: uploads are looked through every 10 minutes and gone within the hour; `Blocks`, and
`web.guard.uploads` for what Gradio forgets."""
