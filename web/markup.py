"""Words as HTML."""

from html import escape


def as_html(tag: str, content: str, **attributes: str) -> str:
    """Wrap words in an HTML element; neither words nor attributes can break out of it."""
    names = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"<{tag}{names}>{escape(content, quote=False)}</{tag}>"
