"""How programs ask: gradio_client, plain HTTP and MCP."""
