"""Who may ask a hub, and how one signs in: on the real program, over HTTP."""
import json
import re
import subprocess

import server_attacks as attacks
from dth import setting
from hub import HubTest

JSON = {"Content-Type": "application/json"}
OWN = {"X-DTH-Request": "1"}
PASSWORD = "violet otter sails north"
SIGN_IN = "mutation($i: SignInInput!) { signIn(input: $i) { user { id role } userErrors { code message } } }"
CREATE = "mutation($i: CreateFirstAdministratorInput!) { createFirstAdministrator(input: $i) { user { id role } userErrors { code field } } }"


class SignInTest(HubTest):
    def setUp(self):
        super().setUp()
        self.served = self.hub()

    def post(self, query, variables=None, cookie=None, headers=()):
        """(status, headers, body) of somebody who shows no token."""
        headers = {**JSON, **dict(headers)}
        if cookie:
            headers["Cookie"] = cookie
        body = json.dumps({"query": query, "variables": variables}).encode()
        status, answered, text = self.served.request("POST", "/graphql", body, headers, signed_in=False)
        return status, answered, json.loads(text)

    def setup_token(self):
        self.served.wait_for_log("/setup#token=")
        return re.search(r"/setup#token=(dth_setup_\w+)", self.served.log)[1]

    def make_administrator(self, password=PASSWORD):
        given = {"setupToken": self.setup_token(), "name": "Ann", "email": "Ann@Example.org ", "password": password}
        return self.post(CREATE, {"i": given})

    @staticmethod
    def cookie_of(headers):
        return headers["Set-Cookie"].split(";")[0]

    def test_the_first_administrator(self):
        status, headers, body = self.make_administrator("password1234")
        self.assertEqual(body["data"]["createFirstAdministrator"]["userErrors"], [{"code": "WEAK_PASSWORD", "field": ["input", "password"]}])
        self.assertNotIn("Set-Cookie", headers)
        _, headers, body = self.make_administrator()
        self.assertEqual(body["data"]["createFirstAdministrator"]["user"]["role"], "ADMIN", body)
        self.assertRegex(headers["Set-Cookie"], r"^dth_session=dth_session_\w+; Path=/; HttpOnly; SameSite=Lax$")
        _, _, again = self.make_administrator()
        self.assertEqual(again["data"]["createFirstAdministrator"]["user"], None, "the token is used up")
        _, _, seen = self.post("{ viewer { role user { email } } }", cookie=self.cookie_of(headers), headers=OWN)
        self.assertEqual(seen["data"]["viewer"], {"role": "ADMIN", "user": {"email": "ann@example.org"}})

    def test_nobody_is_told_which_was_wrong(self):
        self.make_administrator()
        answers = [self.post(SIGN_IN, {"i": {"email": email, "password": password}})[2] for email, password in
                   (("ann@example.org", "wrong wrong wrong"), ("nobody@example.org", PASSWORD), ("", ""))]
        self.assertEqual(answers[0], answers[1])
        self.assertEqual(answers[0], answers[2])
        _, headers, body = self.post(SIGN_IN, {"i": {"email": " ANN@example.org", "password": PASSWORD}})
        self.assertEqual(body["data"]["signIn"]["user"]["role"], "ADMIN", body)
        self.assertIn("HttpOnly", headers["Set-Cookie"])

    def test_each_attempt_of_one_request_is_counted(self):
        self.make_administrator()
        tries = " ".join(f"a{i}: signIn(input: {{email: \"ann@example.org\", password: \"wrong number {i}\"}}) {{ userErrors {{ code }} }}" for i in range(8))
        _, _, body = self.post(f"mutation {{ {tries} }}")
        codes = [body["data"][f"a{i}"]["userErrors"][0]["code"] for i in range(8)]
        self.assertEqual(codes, ["WRONG_PASSWORD"] * 5 + ["LIMIT_REACHED"] * 3)
        _, _, body = self.post(SIGN_IN, {"i": {"email": "ann@example.org", "password": PASSWORD}})
        self.assertIn("try again in", body["data"]["signIn"]["userErrors"][0]["message"])

    def test_a_cookie_needs_a_header_that_other_sites_cannot_send(self):
        cookie = self.cookie_of(self.make_administrator()[1])
        self.assertEqual(self.post("{ viewer { role } }", cookie=cookie)[0], 403)
        self.assertEqual(self.post("{ viewer { role } }", cookie=cookie, headers=OWN)[0], 200)
        self.assertEqual(self.post("{ viewer { role } }", cookie=cookie, headers={**OWN, "Origin": "https://evil.example"})[0], 403)
        status, _, _ = self.served.request("GET", "/graphql?query=mutation%7BsignOut%7BuserErrors%7Bcode%7D%7D%7D", headers={"Cookie": cookie, **OWN})
        self.assertEqual(status, 405)
        status, _, _ = self.served.request("POST", "/graphql/stream", b'{"query": "mutation { signOut { userErrors { code } } }"}',
                                           {**JSON, "Accept": "text/event-stream", "Cookie": cookie, **OWN})
        self.assertEqual(status, 405)

    def test_signing_out_and_a_changed_password_end_sessions(self):
        first = self.cookie_of(self.make_administrator()[1])
        second = self.cookie_of(self.post(SIGN_IN, {"i": {"email": "ann@example.org", "password": PASSWORD}})[1])
        change = "mutation($i: ChangePasswordInput!) { changePassword(input: $i) { userErrors { code } } }"
        given = {"currentPassword": PASSWORD, "newPassword": "the kettle is on the roof"}
        _, _, body = self.post(change, {"i": given}, cookie=second, headers=OWN)
        self.assertEqual(body["data"]["changePassword"]["userErrors"], [])
        self.assertIsNone(self.post("{ viewer { role } }", cookie=first, headers=OWN)[2]["data"]["viewer"])
        self.assertEqual(self.post("{ viewer { role } }", cookie=second, headers=OWN)[2]["data"]["viewer"]["role"], "ADMIN")
        self.post("mutation { signOut { userErrors { code } } }", cookie=second, headers=OWN)
        self.assertIsNone(self.post("{ viewer { role } }", cookie=second, headers=OWN)[2]["data"]["viewer"])

    def test_a_session_that_somebody_planted_is_not_taken_over(self):
        ann = self.cookie_of(self.make_administrator()[1])
        create = 'mutation { createUser(input: {name: "Eve", email: "eve@example.org", role: VIEWER}) { setPasswordToken } }'
        link = self.post(create, cookie=ann, headers=OWN)[2]["data"]["createUser"]["setPasswordToken"]
        self.post("mutation($i: SetPasswordInput!) { setPassword(input: $i) { userErrors { code } } }", {"i": {"token": link, "password": PASSWORD}})
        planted = self.cookie_of(self.post(SIGN_IN, {"i": {"email": "eve@example.org", "password": PASSWORD}})[1])
        self.assertEqual(self.post("{ viewer { role } }", cookie=planted, headers=OWN)[2]["data"]["viewer"], {"role": "VIEWER"})
        _, headers, _ = self.post(SIGN_IN, {"i": {"email": "ann@example.org", "password": PASSWORD}}, cookie=planted, headers=OWN)
        self.assertNotEqual(self.cookie_of(headers), planted)
        self.assertIsNone(self.post("{ viewer { role } }", cookie=planted, headers=OWN)[2]["data"]["viewer"], "it has ended")

    def make_token(self):
        """One of the administrator's, and how to revoke it."""
        cookie = self.cookie_of(self.make_administrator()[1])
        create = 'mutation { createApiToken(input: {name: "ci", scope: READ}) { apiToken { id } secret } }'
        made = self.post(create, cookie=cookie, headers=OWN)[2]["data"]["createApiToken"]
        revoke = "mutation($i: RevokeApiTokenInput!) { revokeApiToken(input: $i) { userErrors { code } } }"
        return made["secret"], lambda: self.post(revoke, {"i": {"id": made["apiToken"]["id"]}}, cookie=cookie, headers=OWN)

    def test_signing_in_over_plain_http_takes_nobodys_word(self):
        self.make_administrator()
        for header, value in (("X-Forwarded-For", "192.0.2.1"), ("Forwarded", "for=192.0.2.1"), ("X-Forwarded-Proto", "https")):
            _, headers, body = self.post(SIGN_IN, {"i": {"email": "ann@example.org", "password": PASSWORD}}, headers={header: value})
            self.assertEqual(body["data"]["signIn"]["userErrors"][0]["code"], "WRONG_STATE", header)
            self.assertNotIn("Set-Cookie", headers)

    def test_a_revoked_token_is_refused_at_once(self):
        secret, revoke = self.make_token()
        bearer = {**JSON, "Authorization": "Bearer " + secret}
        query = b'{"query": "{ runs { nodes { id } } }"}'
        self.assertEqual(self.served.request("POST", "/graphql", query, bearer)[0], 200)
        revoke()
        status, headers, _ = self.served.request("POST", "/graphql", query, bearer)
        self.assertEqual((status, headers["WWW-Authenticate"]), (401, "Bearer"))

    def test_a_revoked_token_closes_its_socket(self):
        secret, revoke = self.make_token()
        self.served.made_token, administrator = secret, self.served.token
        socket = self.served.websocket()
        self.served.made_token = administrator
        socket.sendall(attacks.text_frame('{"type":"connection_init"}'))
        self.assertIn(b"connection_ack", socket.recv(4096))
        revoke()
        self.assertIn(b"the token was revoked", socket.recv(4096))

    def test_the_last_administrator_stays(self):
        cookie = self.cookie_of(self.make_administrator()[1])
        me = self.post("{ viewer { user { id } } }", cookie=cookie, headers=OWN)[2]["data"]["viewer"]["user"]["id"]
        for mutation in (f'deleteUser(input: {{id: "{me}"}})', f'updateUser(input: {{id: "{me}", role: VIEWER}})', f'updateUser(input: {{id: "{me}", isDisabled: true}})'):
            _, _, body = self.post(f"mutation {{ done: {mutation} {{ userErrors {{ code }} }} }}", cookie=cookie, headers=OWN)
            self.assertEqual(body["data"]["done"]["userErrors"], [{"code": "WRONG_STATE"}], mutation)

    def test_anonymous_requests_are_small_and_see_no_schema(self):
        self.assertEqual(self.served.request("POST", "/graphql", b" " * 20_000, JSON, signed_in=False)[0], 413)
        for query in ("{ __schema { queryType { name } } }", "{ runz { id } }"):
            _, _, body = self.post(query)
            self.assertNotIn("data", body)
            self.assertNotIn("Did you mean", body["errors"][0]["message"])
        self.assertEqual(self.served.request("GET", "/graphql/stream?query=%7Bhub%7Bversion%7D%7D", headers={"Accept": "text/event-stream"}, signed_in=False)[0], 401)

    def test_secrets_are_in_no_log_and_no_list_of_processes(self):
        self.make_administrator()
        token = self.served.token
        self.served.ask("{ hub { version } }")
        self.assertNotIn(token, self.served.log)
        self.assertNotIn(PASSWORD, self.served.log)


class ScopeTest(HubTest):
    def test_a_read_token_changes_nothing(self):
        served = self.hub()
        token = served.make_token("viewer")
        body = json.dumps({"query": 'mutation { createApiToken(input: {name: "x"}) { secret } }'}).encode()
        _, _, answer = served.request("POST", "/graphql", body, {**JSON, "Authorization": "Bearer " + token})
        self.assertEqual(json.loads(answer)["errors"][0]["extensions"]["code"], "PERMISSION_DENIED")


class HostCommandsTest(HubTest):
    def admin(self, *arguments, data, given=""):
        return subprocess.run([setting("DTH_TEST_BINARY"), "admin", *arguments, "--data-dir", str(data)], input=given, capture_output=True, text=True, timeout=60)

    def test_a_user_is_made_without_a_running_hub(self):
        data = self.directory / "host"
        for mistyped in (("create-user", "--email", "bob@example.org"), ("token", "create", "--name", "x"), ("reset-password", "--email", "bob@example.org")):
            done = self.admin(*mistyped, data=data, given=PASSWORD + "\n")
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("there is no hub's state in", done.stderr)
            self.assertFalse(data.exists())
        done = self.admin("create-user", "--create", "--email", "bob@example.org", "--role", "operator", data=data, given=PASSWORD + "\n")
        self.assertEqual((done.returncode, done.stdout), (0, "Created bob@example.org, operator.\n"), done.stderr)
        again = self.admin("create-user", "--email", "BOB@example.org", data=data, given=PASSWORD + "\n")
        self.assertIn("another user has the e-mail address", again.stderr)
        weak = self.admin("reset-password", "--email", "bob@example.org", data=data, given="password1234\n")
        self.assertEqual(weak.returncode, 2)
        self.assertIn("tried first", weak.stderr)
        done = self.admin("token", "create", "--name", "x", "--role", "viewer", data=data)
        self.assertRegex(done.stdout, r"^dth_token_\w{52}\n$")
