"""Endpoints of a hub: made, changed, tested, browsed; who may, and what never comes out."""
import json
import unittest

from hub import HubTest

PLANTED = "pl4nted"


class EndpointHost(HubTest):
    """What these tests do with a hub."""

    def start(self, *options, environment=None):
        self.running = self.hub("--log-level", "debug", "--log-format", "json", *options, environment=environment)
        self.headers = self.of(self.running.token)
        self.said = []
        return self.running

    @staticmethod
    def of(token):
        return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, query, variables=None, headers=None):
        body = json.dumps({"query": query, "variables": variables or {}}).encode()
        _, _, answer = self.running.request("POST", "/graphql", body, headers or self.headers)
        self.said.append(answer.decode())
        return json.loads(answer)

    def answer_of(self, query, variables=None, headers=None):
        answer = self.ask(query, variables, headers)
        self.assertNotIn("errors", answer, answer)
        return answer["data"]

    def mutate(self, name, value, fields, headers=None):
        kind = name[0].upper() + name[1:]
        query = f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} userErrors {{ field message code }} }} }}"
        return self.answer_of(query, {"input": value}, headers)[name]

    @staticmethod
    def pairs(values):
        return [{"name": name, "value": value} for name, value in values.items()]

    def make_key(self, name, key_id, secret):
        made = self.mutate("createCredential", {"name": name, "kind": "aws_access_key", "secrets": self.pairs(
            {"access-key-id": key_id, "secret-access-key": secret})}, "credential { id }")
        return made["credential"]["id"]

    def endpoint_input(self, name, credential=None, kind="s3", **options):
        return {"name": name, "kind": kind, "credentialId": credential,
                "options": self.pairs({key.replace("_", "-"): value for key, value in options.items()})}

    def create(self, name, credential=None, kind="s3", **options):
        made = self.mutate("createEndpoint", {"endpoint": self.endpoint_input(name, credential, kind, **options)}, "endpoint { id }")
        self.assertEqual(made["userErrors"], [])
        return made["endpoint"]["id"]


class EndpointsTest(EndpointHost):
    def test_an_endpoint_is_created_changed_and_deleted(self):
        self.start()
        key = self.make_key("key", "AKIAPUBLIC", PLANTED)
        made = self.create("store", key, endpoint_url="https://store.example", region="eu-west-1")
        told = self.answer_of("query($id: ID!) { endpoint(id: $id) { address credential { name } options { name value } } }",
                         {"id": made})["endpoint"]
        self.assertEqual(told["address"], "https://store.example")
        self.assertEqual(told["credential"], {"name": "key"})
        moved = {"id": made, "revision": 1, "endpoint": self.endpoint_input("store", key, endpoint_url="https://other.example:9000")}
        refused = self.mutate("updateEndpoint", moved, "endpoint { id }")
        self.assertEqual(refused["userErrors"][0]["code"], "CONFIRMATION_REQUIRED")
        self.assertIn("other.example:9000", refused["userErrors"][0]["message"])
        changed = self.mutate("updateEndpoint", dict(moved, confirmHost="other.example:9000"), "endpoint { address revision }")
        self.assertEqual(changed["endpoint"], {"address": "https://other.example:9000", "revision": 2})
        in_use = self.mutate("deleteCredential", {"id": key}, "deletedCredentialId")
        self.assertEqual(in_use["userErrors"][0]["code"], "IN_USE")
        self.assertIn("endpoint store", in_use["userErrors"][0]["message"])
        self.assertEqual(self.mutate("deleteEndpoint", {"id": made}, "deletedEndpointId")["deletedEndpointId"], made)
        log = self.running.log
        self.running.stop()
        for text in self.said + [log]:
            self.assertNotIn(PLANTED, text)

    def test_what_cannot_be_an_endpoint_is_refused_at_its_field(self):
        self.start()
        for options, field in (({"endpoint_url": "ftp://x"}, "endpoint-url"), ({"endpoint_url": "https://u:p@x"}, "endpoint-url"),
                               ({"region": "narnia"}, "region"), ({"proxy": "u:p@proxy"}, "proxy"), ({"addressing": "x"}, "addressing"),
                               ({"vendor": "acme"}, "vendor"), ({"nothing": "x"}, "nothing")):
            with self.subTest(field):
                answer = self.mutate("createEndpoint", {"endpoint": self.endpoint_input("x", **options)}, "endpoint { id }")
                self.assertEqual([error["field"] for error in answer["userErrors"]], [["input", "endpoint", "options", field]], answer)

    def test_only_administrators_make_endpoints(self):
        self.start()
        made = self.create("store", region="eu-west-1")
        for role in ("viewer", "operator"):
            headers = self.of(self.running.make_token(role))
            self.assertEqual(self.answer_of("{ endpoints { nodes { name } } }", headers=headers)["endpoints"]["nodes"], [{"name": "store"}])
            for name, value in (("createEndpoint", {"endpoint": self.endpoint_input("x")}), ("deleteEndpoint", {"id": made}),
                                ("updateEndpoint", {"id": made, "revision": 1, "endpoint": self.endpoint_input("x")})):
                kind = name[0].upper() + name[1:]
                answer = self.ask(f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}",
                                  {"input": value}, headers)
                self.assertEqual(answer["errors"][0]["extensions"]["code"], "PERMISSION_DENIED", name)


if __name__ == "__main__":
    unittest.main()
