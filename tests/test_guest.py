"""The page in surroundings that are not its own: a host's page, plain http, another language."""

import io
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import gradio
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from testing.browser import LAPTOP, draw, expect_answer, open_page, settle, upload
from testing.strokes import DIGITS
from web.words import WORDS

ENGLISH, PORTUGUESE = WORDS["en"], WORDS["pt"]

HOST = """<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<title>La leçon</title>
<style>body { background: rgb(255, 238, 238); color: rgb(136, 0, 0); }</style>
</head>
<body><h1>Chiffres</h1><p>Dessinez.</p><div>GUEST</div></body>
</html>"""

AS_IT_WAS = """
    () => {
      const { lang } = document.documentElement;
      const { backgroundColor, color, colorScheme } = getComputedStyle(document.body);
      const ink = getComputedStyle(document.body).getPropertyValue("--ink");
      return [document.title, lang, backgroundColor, color, colorScheme, ink];
    }
"""
"""What is the host's own."""


@pytest.fixture(scope="module")
def host(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a host that shows our page by Gradio's element and in a frame."""
    folder = tmp_path_factory.mktemp("host")
    frontend = Path(gradio.__file__).parent / "templates" / "frontend"
    load = (frontend / "gradio.js").read_text("utf-8").replace("./", f"{address}/")
    element = f'<script type="module">{load}</script><gradio-app src="{address}"></gradio-app>'
    frame = f'<iframe src="{address}" width="1200" height="900"></iframe>'
    for name, guest in (("element", element), ("frame", frame), ("alone", "")):
        (folder / f"{name}.html").write_text(HOST.replace("GUEST", guest), "utf-8")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing of each request."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A laptop in dark colors, whose visitor speaks English."""
    with browser.new_context(viewport=LAPTOP, color_scheme="dark") as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield context


def expect_own_address(where: Page | FrameLocator, address: str) -> None:
    """Expect the code tab to show the page's own address."""
    where.get_by_role("tab", name=ENGLISH("code_tab")).click()
    code = where.locator(".block", has_text="curl").filter(has=where.locator(".cm-content"))
    expect(code.last).to_contain_text(f"{address}/predict")
    where.get_by_role("tab", name=ENGLISH("read_tab"), exact=True).click()


def test_as_a_guest_in_gradios_element_the_page_leaves_the_hosts_own_alone(
    context: BrowserContext, host: str, address: str
) -> None:
    alone = context.new_page()
    alone.goto(f"{host}/alone.html")
    page = open_page(context, f"{host}/element.html#d=AAAA")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert page.evaluate(AS_IT_WAS) == alone.evaluate(AS_IT_WAS)
    expect(page.locator("gradio-app")).to_have_attribute("lang", "en")
    assert page.url == f"{host}/element.html#d=AAAA"
    draw(page, DIGITS["1"])
    expect_answer(page, "1")
    page.keyboard.press("Control+z")  # of who draws
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    page.keyboard.press("Control+y")
    page.get_by_role("button", name=ENGLISH("link")).click()
    expect(page.locator("#pad .notice")).to_have_text(ENGLISH("link_copied"))
    assert page.evaluate("navigator.clipboard.readText()").startswith(f"{address}/#d=")
    page.get_by_role("heading", name="Chiffres").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Control+z")  # of who does something else on the host's page
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    expect_own_address(page, address)


def test_in_a_frame_the_page_leaves_the_hosts_own_alone(
    context: BrowserContext, host: str, address: str
) -> None:
    page = context.new_page()
    page.goto(f"{host}/frame.html")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("button", name="Undo")).to_be_visible(timeout=30_000)
    title, language, background, *_ = page.evaluate(AS_IT_WAS)
    assert (title, language, background) == ("La leçon", "fr", "rgb(255, 238, 238)")
    expect_own_address(frame, address)


@pytest.mark.parametrize("language", WORDS)
def test_where_a_browser_gives_neither_camera_nor_clipboard_the_buttons_say_so(
    browser: Browser, address: str, language: str
) -> None:
    words = WORDS[language]
    port = address.rpartition(":")[2]
    with browser.new_context(viewport=LAPTOP, locale=language) as context:
        page = open_page(context, f"http://classroom.test:{port}", undo=words("undo"))
        assert not page.evaluate("isSecureContext")
        page.get_by_role("tab", name=words("upload")).click()
        for missing in ("no_camera", "no_clipboard"):
            page.get_by_role("button", name=words(missing)).click()
            expect(page.get_by_role("alert")).to_have_text(words(missing))
        page.get_by_role("tab", name=words("draw")).click()
        draw(page, DIGITS["1"])
        page.get_by_role("button", name=words("link")).click()
        link = page.locator("#pad .notice a")
        expect(link).to_have_text(words("link_here"))
        assert link.get_attribute("href").startswith(f"http://classroom.test:{port}/#d=")


def test_a_refused_camera_is_told_in_a_sentence(context: BrowserContext, address: str) -> None:
    page = open_page(context, address)
    page.get_by_role("tab", name="Upload").click()
    page.get_by_role("button", name="Capture from camera").click()
    page.get_by_role("button", name="Click to Access Webcam").click()
    expect(page.get_by_role("alert")).to_have_text(ENGLISH("no_camera"))


def test_around_an_upload_there_is_no_white_paper_in_dark_colors(
    context: BrowserContext, address: str, tmp_path: Path
) -> None:
    page = open_page(context, address)
    shapes = {"wide": (600, 200), "tall": (200, 600), "small": (60, 60)}
    for name, size in shapes.items():
        picture = Image.new("RGBA", size)  # nothing but a transparent ground and a bar of ink
        picture.paste("black", (size[0] // 2 - 5, 10, size[0] // 2 + 5, size[1] - 10))
        picture.save(tmp_path / f"{name}.png")
        upload(page, tmp_path / f"{name}.png")
        expect_answer(page, "1")
        shown = Image.open(io.BytesIO(page.locator("#picture").screenshot())).convert("L")
        across, down = shown.width, shown.height - 40  # without the row of buttons
        white = sum(shown.crop((2, 30, across - 2, down)).histogram()[250:])
        scale = min((across - 2) / size[0], down / size[1], 1)
        assert 0 < white < 1.1 * scale**2 * size[0] * size[1]
        page.get_by_role("button", name="Remove Image").click()
        settle(page)


def test_no_part_of_gradios_is_named_in_english_to_who_reads_portuguese(
    browser: Browser, address: str
) -> None:
    named = """
        [...document.querySelectorAll("[aria-label], [title], img[alt]")].flatMap(
          ({ ariaLabel, title, alt }) => [ariaLabel, title, alt])
    """
    with browser.new_context(viewport=LAPTOP, locale="pt-BR") as context:
        page = open_page(context, address, undo=PORTUGUESE("undo"))
        upload(page, Path("examples/7_thin_pen.png"), PORTUGUESE("upload"))
        expect(page.get_by_role("button", name=PORTUGUESE("remove"))).to_be_visible()
        names = set(page.evaluate(named))
        page.get_by_role("button", name=PORTUGUESE("from_camera")).click()
        expect(page.get_by_role("button", name=PORTUGUESE("turn_on_camera"))).to_be_visible()
        names |= set(page.evaluate(named))
    assert {PORTUGUESE("paste"), PORTUGUESE("choose_file")} <= names
    assert not names & set(ENGLISH.sentences.values())
