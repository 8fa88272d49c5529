"""What stands before Gradio, and mends it: one file for each thing that it does otherwise."""
