import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { addressRange } from "../../../policy-pack/address-range";
import { admittedByFilter } from "../../../policy-pack/facts/envoy/access-control";
import { admissionText, type Admission } from "../../../policy-pack/facts/envoy/admission";
import { Message } from "../../../policy-pack/facts/envoy/message";

import { altered, bearing, extension, having, principals } from "./mutant";
import { carried, identityOf, ownConfiguration, type Part } from "./shown-envoys";
import { refusedOn } from "./verdicts";

/** Somebody who calls, as far as a principal may look at them. */
interface Caller {
  /** The identity in a verified certificate, if there is one. */
  readonly identity: string | undefined;
  readonly address: string;
  /** What it has written into a header. */
  readonly header: string;
}

const identities = ["spiffe://a.example/x", "spiffe://a.example/y", "spiffe://b.example/x"] as const;
const addresses = ["10.0.0.1", "10.0.1.1"] as const;
const headers = ["yes", "no"] as const;

const callers: readonly Caller[] = [undefined, ...identities].flatMap((identity) =>
  addresses.flatMap((address) => headers.map((header) => ({ identity, address, header }))),
);

const matcher: fc.Arbitrary<Part> = fc.oneof(
  fc.constantFrom(...identities).map((exact) => ({ exact })),
  fc.constantFrom("spiffe://a.example/", "spiffe://").map((prefix) => ({ prefix })),
  fc.constantFrom("/x", "/y").map((suffix) => ({ suffix })),
  fc.constantFrom("a.example", "b.example").map((contains) => ({ contains })),
  fc.constantFrom("spiffe://a\\.example/x", "spiffe://.*/x").map((regex) => ({ safe_regex: { regex } })),
);

const leaf: fc.Arbitrary<Part> = fc.oneof(
  fc.constant({ any: true }),
  fc.constant({ authenticated: {} }),
  matcher.map((principal_name) => ({ authenticated: { principal_name } })),
  matcher.map((one) => ({
    custom: {
      name: "x",
      typed_config: {
        "@type": `${extension}.rbac.principals.mtls_authenticated.v3.Config`,
        san_matcher: { san_type: "URI", matcher: one },
      },
    },
  })),
  fc.constantFrom("10.0.0.0", "10.0.1.0").map((address_prefix) => ({
    direct_remote_ip: { address_prefix, prefix_len: 24 },
  })),
  fc.constantFrom(...headers).map((exact) => ({ header: { name: "x", string_match: { exact } } })),
);

const { principal } = fc.letrec<{ readonly principal: Part }>((tie) => ({
  principal: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.array(tie("principal"), { minLength: 1, maxLength: 3 }).map((ids) => ({ and_ids: { ids } })),
    fc.array(tie("principal"), { minLength: 1, maxLength: 3 }).map((ids) => ({ or_ids: { ids } })),
    tie("principal").map((not_id) => ({ not_id })),
  ),
}));

const permissions = [{ any: true }];

const rules: fc.Arbitrary<Part> = fc.record({
  action: fc.constantFrom("ALLOW", "DENY", "LOG"),
  policies: fc.dictionary(
    fc.constantFrom("one", "two"),
    fc.array(principal, { minLength: 1, maxLength: 3 }).map((list) => ({ permissions, principals: list })),
  ),
});

type Matcher = Readonly<Record<string, string>> & { readonly safe_regex?: { readonly regex: string } };

function matches(one: Matcher, text: string): boolean {
  const { exact, prefix, suffix, contains, safe_regex: regex } = one;
  return exact !== undefined
    ? text === exact
    : prefix !== undefined
      ? text.startsWith(prefix)
      : suffix !== undefined
        ? text.endsWith(suffix)
        : contains !== undefined
          ? text.includes(contains)
          : new RegExp(`^(?:${(regex as unknown as { readonly regex: string }).regex})$`).test(text);
}

/** Whether Envoy takes somebody for a principal, as its documentation says. */
function isPrincipal(one: Part, caller: Caller): boolean {
  const [[kind, value] = ["", {}]] = Object.entries(one) as [string, never][];
  switch (kind) {
    case "any":
      return true;
    case "authenticated": {
      const { principal_name: name } = value as { readonly principal_name?: Matcher };
      return caller.identity !== undefined && (name === undefined || matches(name, caller.identity));
    }
    case "custom": {
      const { typed_config: config } = value as {
        readonly typed_config: { readonly san_matcher: { readonly matcher: Matcher } };
      };
      return caller.identity !== undefined && matches(config.san_matcher.matcher, caller.identity);
    }
    case "direct_remote_ip": {
      const { address_prefix: prefix } = value as { readonly address_prefix: string };
      return caller.address.startsWith(prefix.slice(0, -1));
    }
    case "header":
      return (
        caller.header === (value as { readonly string_match: { readonly exact: string } }).string_match.exact
      );
    case "and_ids":
      return (value as { readonly ids: readonly Part[] }).ids.every((id) => isPrincipal(id, caller));
    case "or_ids":
      return (value as { readonly ids: readonly Part[] }).ids.some((id) => isPrincipal(id, caller));
    default:
      return !isPrincipal(value, caller);
  }
}

/** Whether Envoy lets somebody in, as its documentation says. */
function isLetIn({ action, policies }: Part, caller: Caller): boolean {
  const isMatched = Object.values(
    policies as Readonly<Record<string, { readonly principals: readonly Part[] }>>,
  ).some((policy) => policy.principals.some((one) => isPrincipal(one, caller)));
  return action === "ALLOW" ? isMatched : action === "DENY" ? !isMatched : true;
}

function covers({ identity, addresses: range }: Admission, caller: Caller): boolean {
  const own = addressRange(`${caller.address}/32`);
  const isThere = range === undefined || (own !== undefined && range.from <= own.from && own.to <= range.to);
  switch (identity.kind) {
    case "none":
      return isThere;
    case "any-certificate":
      return isThere && caller.identity !== undefined;
    case "exact":
      return isThere && caller.identity === identity.text;
    case "pattern":
      return isThere && caller.identity !== undefined && identity.mayBe(caller.identity);
  }
}

const admitted = (value: Part): readonly Admission[] =>
  admittedByFilter(new Message({ kind: "known", value: { rules: value } }));

const texts = (value: Part): readonly string[] => admitted(value).map(admissionText).sort();

describe("access control", () => {
  it("lets in nobody of whom the judge does not tell", () => {
    fc.assert(
      fc.property(rules, (value) => {
        const told = admitted(value);
        const untold = callers.filter(
          (caller) => isLetIn(value, caller) && !told.some((one) => covers(one, caller)),
        );
        expect(untold).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  const one = bearing({ exact: identities[0] });
  const other = bearing({ exact: identities[1] });
  const policy = (...list: readonly Part[]): Part => ({ policies: { x: { permissions, principals: list } } });

  it.each<readonly [string, Part, readonly string[]]>([
    ["nothing", {}, []],
    ["one identity", policy(one), [identities[0]]],
    [
      "one identity, and only from somewhere",
      policy({
        and_ids: { ids: [one, { direct_remote_ip: { address_prefix: "10.0.0.0", prefix_len: 24 } }] },
      }),
      [`${identities[0]} from 10.0.0.0/24`],
    ],
    ["two identities that nobody has at once", policy({ and_ids: { ids: [one, other] } }), []],
    ["whoever is not everybody but one", policy({ not_id: { not_id: one } }), [identities[0]]],
    ["whoever is neither", policy({ not_id: { or_ids: { ids: [one, other] } } }), ["whoever calls"]],
    [
      "a pattern that is one identity",
      policy(bearing({ safe_regex: { regex: "^spiffe://a\\.example/x$" } })),
      [identities[0]],
    ],
    ["nobody", policy({ not_id: { any: true } }), []],
    ["all denied but one", { action: "DENY", ...policy({ not_id: one }) }, [identities[0]]],
    [
      "all denied but two",
      { action: 1, ...policy({ not_id: { or_ids: { ids: [one, other] } } }) },
      [identities[0], identities[1]],
    ],
    [
      "all denied but one, for one path",
      {
        action: "DENY",
        policies: {
          x: { permissions: [{ url_path: { path: { exact: "/" } } }], principals: [{ not_id: one }] },
        },
      },
      ["whoever calls"],
    ],
    [
      "all denied but one, on a condition",
      { action: "DENY", policies: { x: { permissions, principals: [{ not_id: one }], condition: {} } } },
      ["whoever calls"],
    ],
    ["an action that is not known", { action: "PERHAPS", ...policy(one) }, ["whoever calls"]],
    ["a principal that says two things", policy({ any: true, authenticated: {} }), ["whoever calls"]],
    ["a principal that is not known", policy({ whatever: {} }), ["whoever calls"]],
    [
      "an address that honours what is before it",
      policy({ source_ip: { address_prefix: "10.0.0.0", prefix_len: 24 } }),
      ["whoever calls"],
    ],
    [
      "addresses that are none",
      policy({ direct_remote_ip: { address_prefix: "somewhere", prefix_len: 24 } }),
      ["whoever calls"],
    ],
    [
      "any address",
      policy({ direct_remote_ip: { address_prefix: "0.0.0.0" } }),
      ["whoever calls from 0.0.0.0/0"],
    ],
    [
      "the name of another kind",
      policy({
        custom: {
          name: "x",
          typed_config: {
            "@type": `${extension}.rbac.principals.mtls_authenticated.v3.Config`,
            san_matcher: { san_type: "DNS", matcher: { exact: "a.example" } },
          },
        },
      }),
      ["whoever has the DNS name a.example"],
    ],
  ])("of %s lets in whom it says", (_, value, expected) => {
    expect(texts(value)).toEqual(expected);
  });

  it.each<readonly [string, Part]>([
    ["no rules", {}],
    ["rules that only record", { shadow_rules: policy(one) }],
    ["rules, and a matcher", { rules: policy(one), matcher: {} }],
  ])("with %s lets in everybody", (_, value) => {
    expect(admittedByFilter(new Message({ kind: "known", value })).map(admissionText)).toEqual([
      "whoever calls",
    ]);
  });
});

describe("a principal more", () => {
  const configuration = ownConfiguration("fhir-proxy");
  const refused = (one: Part): readonly string[] =>
    refusedOn(carried("a task definition", JSON.stringify(one)));

  const mesh: fc.Arbitrary<Part> = fc.oneof(
    principal,
    fc
      .constantFrom("embedding-service", "rag-service", "ai-gateway")
      .map((id) => bearing({ exact: identityOf(id) })),
    fc.constant(bearing({ prefix: "spiffe://ai.hospital.example/" })),
  );

  it("never makes the judge more content", () => {
    fc.assert(
      fc.property(fc.array(mesh, { maxLength: 3 }), mesh, (some, more) => {
        const before = having(configuration, principals, some);
        const after = altered(before, principals, (list) => [...(list as readonly Part[]), more]);
        const kept = refused(after);
        expect(refused(before).filter((what) => !kept.includes(what))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
