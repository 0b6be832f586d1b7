from io import BytesIO

from peeraudit.domain.accounts import Role
from peeraudit.tasks.upkeep import sweep
from tests.services.test_intake import TABLE


def send(client, text=TABLE):
    answer = client.post(
        "/intake/", data={"format": "", "file": (BytesIO(text.encode()), "octobre.csv")}
    )
    assert answer.status_code == 302, answer.text
    return answer


class TestIntakePages:
    def test_a_coordinator_sees_what_became_of_each_row(self, client, sign_in):
        sign_in(Role.COORDINATOR)
        answer = send(client)
        sweep()

        page = client.get(answer.location)

        assert "octobre.csv" in page.text
        assert page.text.count("Accepté") + page.text.count("Accepted") >= 2
        assert "octobre.csv" in client.get("/intake/").text

    def test_a_missing_file_is_told_beside_the_field(self, client, sign_in):
        sign_in(Role.COORDINATOR)

        answer = client.post("/intake/", data={})

        assert answer.status_code == 422
        assert "file-error" in answer.text

    def test_another_department_sees_nothing_of_it(self, client, sign_in):
        sign_in(Role.COORDINATOR)
        location = send(client).location
        client.post("/accounts/sign-out")
        sign_in(Role.COORDINATOR)

        assert client.get(location).status_code == 404
        assert "octobre.csv" not in client.get("/intake/").text


def test_a_file_that_cannot_be_read_does_not_promise_items(client, sign_in):
    sign_in(Role.COORDINATOR)
    file = (BytesIO(bytes(range(256)) * 40), "garbage.bin")
    location = client.post("/intake/", data={"format": "", "file": file}).location
    sweep()

    page = client.get(location).text

    assert "ne contient pas de texte" in page.replace("\xa0", " ")
    assert "à mesure de la lecture" not in page
