"""Where a limit's number must be written out, it is the limit's own."""

from pathlib import Path

from web.guard.refusals import too_long
from web.limits import (
    DELETE_AFTER,
    DELETE_EVERY,
    MAX_BATCH,
    MAX_BODY,
    MAX_BODY_SECONDS,
    MAX_TEXT_BODY,
    MAX_UPLOAD,
    MEGABYTE,
)

ROOT = Path(__file__).parents[1]


def test_nginx_refuses_what_the_page_refuses_and_in_its_words() -> None:
    configuration = (ROOT / "scale" / "nginx.conf").read_text("utf-8")
    assert f"client_max_body_size {MAX_BODY};" in configuration
    assert f"""return 413 '{{"error": "{too_long()}"}}';""" in configuration


def test_the_documents_name_the_limits() -> None:
    told = "".join(
        path.read_text("utf-8") for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))
    )
    upload, other = MAX_UPLOAD // MEGABYTE, MAX_TEXT_BODY // MEGABYTE
    assert f"a body of more than {upload} MB; {other} MB where it holds no picture file" in told
    assert f"up to {MAX_BATCH} pictures" in told.replace("\n", " ")


def test_a_minute_and_an_hour_are_what_people_are_told() -> None:
    assert MAX_BODY_SECONDS == 60
    assert DELETE_EVERY + DELETE_AFTER <= 3600
