"""What Gradio's queue remembers of calls, forgotten once nobody can ask for it.

Gradio 6.31.0 keeps what each session waits for until 2,000 newer sessions have called
(`pending_messages_per_session` in gradio/queueing.py), and counts every call of a program as a
session. Then it drops the oldest, even one whose answers are still awaited, such as that of its own
MCP server: those answers are lost. This can go when Gradio forgets a session with its last answer,
and none before. No other file touches Gradio's queue.
"""

import gradio as gr

ENDLESS = "endless"
"""A call that is never answered, so that the stream of its session's answers stays open."""


class Sessions:
    """The sessions whose answers are awaited.

    Args:
        page: The page whose queue keeps them; Gradio offers no other way to know.
    """

    def __init__(self, page: gr.Blocks) -> None:
        self.messages = page._queue.pending_messages_per_session
        """By session, what waits to be told to it; the one that called last stands last."""
        self.calls = page._queue.pending_event_ids_session
        """By session, its calls that are not answered yet."""

    def find(self, event: str | None, session: str | None) -> str | None:
        """Return the session that awaits an event or, where none is named, its own answers.

        Args:
            event: The identifier of a call, or None.
            session: What the session says it is called, or None.

        Returns:
            The session's name, or None when nothing is kept for it.
        """
        if event is not None:
            session = next((name for name, calls in self.calls.items() if event in calls), None)
        return session if session in self.messages else None

    def keep(self, session: object, is_shared: bool) -> None:
        """Count a session that calls again as a new one, which is dropped last.

        Args:
            session: What it is called; whatever is no text is no session.
            is_shared: Whether several clients' calls share it, as all calls by MCP do. The stream
                of its answers then never ends: the end of one call's could meet the beginning of
                the next call, which would lose its answer.
        """
        if not isinstance(session, str):
            return
        if session in self.messages:
            self.messages.move_to_end(session)
        if is_shared:
            self.calls.setdefault(session, set()).add(ENDLESS)

    def forget(self, session: str) -> None:
        """Forget a session that has got its answers, and those that Gradio half forgot."""
        if not self.calls.get(session):
            self.messages.pop(session, None)
        if len(self.calls) > len(self.messages):
            for gone in self.calls.keys() - self.messages.keys():
                del self.calls[gone]
