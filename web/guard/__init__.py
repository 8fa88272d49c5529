"""What stands before Gradio, and mends it."""
