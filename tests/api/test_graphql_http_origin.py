"""A cookie must not be used by another site's page."""

import pytest

from tests.api import toy


@pytest.fixture
async def http():
    async with toy.client(toy.create_app()) as client:
        yield client


async def status(http, headers: dict[str, str], method: str = "POST") -> int:
    query = {"query": "{ __typename }"}
    how = {"params": query} if method == "GET" else {"json": query}
    response = await http.request(method, "/graphql", headers={"cookie": "session=1", **headers}, **how)
    if response.status_code == 403:
        assert response.json()["errors"][0]["extensions"]["code"] == "CROSS_ORIGIN"
    return response.status_code


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "http://shop.example:8080"},
        {"origin": "http://shop.example.evil.example"},
        {"origin": "null"},
        {"origin": "https://evil.example", "authorization": "Basic c2VlOnVybA=="},
        {"origin": "http://[broken"},
        {"origin": "http://evil.example", "sec-fetch-site": "same-origin"},
    ],
)
async def test_a_browser_on_another_site_is_refused(http, headers, method):
    assert await status(http, headers, method) == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://shop.example", "sec-fetch-site": "same-origin"},
        {"origin": "https://SHOP.example"},
        {"sec-fetch-site": "none"},
    ],
)
async def test_our_own_pages_and_programs_are_served(http, headers):
    assert await status(http, headers) == 200
    assert await status(http, headers, "GET") == 200


async def test_a_bearer_key_is_not_tied_to_a_site(http):
    assert await status(http, {"authorization": "Bearer good", "origin": "https://partner.example"}) == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
async def test_what_a_form_on_another_site_can_send_is_not_read(http, kind):
    body = b'{"query": "mutation { signIn }"}'
    response = await http.post("/graphql", content=body, headers={"cookie": "session=1", "content-type": kind})
    assert response.status_code == 415
    assert "set-cookie" not in response.headers
