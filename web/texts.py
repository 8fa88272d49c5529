"""Every word of the page, by language."""

from html import escape

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Two readings of a digit",
        "subtitle": "Draw one, and a convolutional network and a linear model read it as you draw.",
        "draw": "Draw",
        "upload": "Upload",
        "canvas": "Drawing pad: draw one digit with mouse, pen or finger",
        "invitation": "Draw a digit, 0 to 9",
        "undo": "Undo",
        "clear": "Clear",
        "picture": "Picture of one handwritten digit",
        "drop": "Drop a picture here,\nor choose one",
        "cnn": "Convolutional network",
        "linear": "Linear model",
        "digit": "The 28 by 28 pixels that both models saw",
        "digit_empty": "Nothing drawn yet",
        "seen": "This is what both models see: 28 by 28 pixels.",
        "waiting": "Both wait for a digit.",
        "agree": "Both read {cnn}.",
        "differ": "They differ: the network reads {cnn}, the linear model {linear}.",
        "score": "score of {label}: {score}",
        "for": "spoke for the digit,",
        "against": "against it.",
        "evidence": "Each map adds up to the score below it. Press a row for that digit's map.",
        "several": "More than one digit? Only one of them is read.",
        "doubt": "I doubt that this is a digit.",
        "unsure": "The linear model is not sure that this is a digit.",
        "examples": "Or try one of these",
        "damaged_drawing": "The drawing did not arrive as a picture. Clear the pad and draw again.",
        "not_uploaded": "The picture did not arrive as an uploaded file. Upload it and try again.",
        "body_too_long": "The request is too long: pictures may have 20 MB, anything else 1 MB.",
        "body_too_slow": "The request did not arrive within a minute. Send it again.",
        "no_picture": "No picture arrived. Send one as form field file or image, or as the body.",
        "broken_form": "The form is damaged or holds more than one file. Send one picture in it.",
        "not_a_picture": "Received {kind}, expected a picture. Send the picture file itself.",
        "not_a_list": "A list of 1 to {most} pictures was expected. Send them in several calls.",
    }
}


def text(key: str, language: str = "en", **values: str) -> str:
    """Return one text of the page, with its gaps filled.

    Args:
        key: Its name in `TEXTS`.
        language: Its language in `TEXTS`.
        **values: What fills the gaps.
    """
    return TEXTS[language][key].format(**values)


def as_html(tag: str, content: str, **attributes: str) -> str:
    """Wrap words in an HTML element; neither words nor attributes can break out of it."""
    names = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"<{tag}{names}>{escape(content)}</{tag}>"
