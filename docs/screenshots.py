"""Make the README's pictures of the page, light, dark and on a phone, with digits drawn on it.

python -m docs.screenshots
"""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright

from testing.browser import LAPTOP, PHONE, draw, open_page, start_browser
from testing.page import served
from testing.strokes import DIGITS, Stroke, line
from web.words import WORDS

CROSSED = [*DIGITS["7"], line((330, 480), (720, 470))]

SLANTED = [[[x - 6 * (y - 500) // 10, y] for x, y in stroke] for stroke in DIGITS["2"]]

PICTURES: dict[str, tuple[list[Stroke], str, dict[str, Any]]] = {
    "light": (CROSSED, WORDS["en"]("agree", cnn=7), {"viewport": LAPTOP}),
    "dark": (
        SLANTED,
        WORDS["en"]("differ", cnn=2, linear=8),
        {"viewport": LAPTOP, "color_scheme": "dark"},
    ),
    "phone": (
        DIGITS["5"],
        WORDS["pt"]("agree", cnn=5),
        {"viewport": PHONE, "locale": "pt-BR", "device_scale_factor": 2},
    ),
}
"""By file name, what is drawn, what the page says of it, and how the browser is set up."""


def main() -> None:
    """Start the page, draw on it and take the pictures."""
    with served(["app.py"]) as (address, _), sync_playwright() as playwright:
        browser = start_browser(playwright)
        for name in PICTURES:
            take(name, browser, address)
        browser.close()


def take(name: str, browser: Browser, address: str) -> None:
    """Draw on the page and take one picture of it."""
    strokes, said, options = PICTURES[name]
    language = options.get("locale", "en")[:2]
    with browser.new_context(**options) as context:
        page = open_page(context, address, undo=WORDS[language]("undo"))
        draw(page, strokes)
        expect(page.locator("#message")).to_contain_text(said)
        page.screenshot(path=Path(__file__).with_name(f"{name}.png"))


if __name__ == "__main__":
    main()
