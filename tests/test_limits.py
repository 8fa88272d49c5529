"""Where a limit's number must be written out, it is the limit's own."""

from testing import ROOT
from web.guard.refusals import too_long
from web.limits import (
    DELETE_AFTER,
    DELETE_EVERY,
    MAX_BODY,
    MAX_BODY_SECONDS,
)


def test_nginx_refuses_what_the_page_refuses_and_in_its_words() -> None:
    configuration = (ROOT / "scale" / "nginx.conf").read_text("utf-8")
    assert f"client_max_body_size {MAX_BODY};" in configuration
    assert f"""return 413 '{{"error": "{too_long()}"}}';""" in configuration


def test_a_minute_and_an_hour_are_what_people_are_told() -> None:
    assert MAX_BODY_SECONDS == 60
    assert DELETE_EVERY + DELETE_AFTER <= 3600
