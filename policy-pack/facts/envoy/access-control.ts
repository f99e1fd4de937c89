import { addressRange } from "../../address-range";
import { flagOf, integerOf, textOf } from "../../reading";

import { anybody, anyCertificate, whoeverPassesAll, whoeverPassesAny, type Admission } from "./admission";
import { enumOf, type Message } from "./message";
import { admittedBy, admittedByName } from "./string-matcher";

/** Whoever calls from a range of addresses (Envoy API, `envoy.config.core.v3.CidrRange`). */
function fromAddresses(range: Message): readonly Admission[] {
  const prefix = textOf(range.read("address_prefix"));
  const length = integerOf(range.read("prefix_len"));
  const bits = length.kind === "known" ? length.value : length.kind === "absent" ? 0 : undefined;
  const addresses =
    prefix.kind === "known" && bits !== undefined
      ? addressRange(`${prefix.value}/${String(bits)}`)
      : undefined;
  return addresses === undefined ? anybody : [{ identity: { kind: "none" }, addresses }];
}

/** The kinds of principal of which who they are is told by a certificate, or by an address that nobody can forge. */
const kinds = ["and_ids", "or_ids", "not_id", "any", "authenticated", "direct_remote_ip", "custom"] as const;

/** Whoever shows a certificate that was verified (Envoy API, `rbac.principals.mtls_authenticated.v3.Config`). */
function withVerifiedCertificate(extension: Message): readonly Admission[] {
  const config = extension.message("typed_config");
  if (!config.isOf("rbac.principals.mtls_authenticated.v3.Config")) {
    return anybody;
  }
  const name = config.message("san_matcher");
  const isOfName =
    name.kind === "known" &&
    config.besides(["san_matcher"]).length === 0 &&
    name.besides(["san_type", "matcher"]).length === 0;
  return isOfName ? admittedByName(name) : anyCertificate;
}

/** The one thing that a principal says; `undefined` where it says something else, or something besides. */
function onlyKind(principal: Message): (typeof kinds)[number] | undefined {
  const [kind, ...others] = kinds.filter((one) => principal.read(one).kind !== "absent");
  return others.length > 0 || principal.besides(kinds).length > 0 ? undefined : kind;
}

/**
 * Whoever a principal may be (Envoy API, `envoy.config.rbac.v3.Principal`), and no fewer. Whatever a caller can write
 * itself, such as a header, tells nothing of who it is.
 */
function satisfying(principal: Message): readonly Admission[] {
  const kind = onlyKind(principal);
  switch (kind) {
    case "and_ids":
      return whoeverPassesAll(principal.message(kind).messages("ids").map(satisfying));
    case "or_ids":
      return whoeverPassesAny(principal.message(kind).messages("ids").map(satisfying));
    case "not_id":
      return failing(principal.message(kind));
    case "authenticated": {
      const authenticated = principal.message(kind);
      return authenticated.besides(["principal_name"]).length > 0
        ? anyCertificate
        : admittedBy(authenticated.message("principal_name"));
    }
    case "direct_remote_ip":
      return fromAddresses(principal.message(kind));
    case "custom":
      return withVerifiedCertificate(principal.message(kind));
    default:
      return anybody;
  }
}

/** Whoever may be no such principal, and no fewer. */
function failing(principal: Message): readonly Admission[] {
  const kind = onlyKind(principal);
  switch (kind) {
    case "and_ids":
      return whoeverPassesAny(principal.message(kind).messages("ids").map(failing));
    case "or_ids":
      return whoeverPassesAll(principal.message(kind).messages("ids").map(failing));
    case "not_id":
      return satisfying(principal.message(kind));
    case "any": {
      const any = flagOf(principal.read(kind));
      return any.kind === "known" && any.value ? [] : anybody;
    }
    default:
      return anybody;
  }
}

/** Whether a policy speaks of whatever is asked for. */
function isOfEverything(policy: Message): boolean {
  return (
    policy.besides(["permissions", "principals"]).length === 0 &&
    policy.messages("permissions").some((permission) => {
      const any = flagOf(permission.read("any"));
      return any.kind === "known" && any.value && permission.besides(["any"]).length === 0;
    })
  );
}

/** Whoever rules let in (Envoy API, `envoy.config.rbac.v3.RBAC`), whatever it asks for, and no fewer. */
function admittedByRules(rules: Message): readonly Admission[] {
  const action = enumOf(rules.read("action"), ["ALLOW", "DENY", "LOG"]);
  const policies = rules.entries("policies").map(([, policy]) => policy);
  switch (action.kind === "absent" ? "ALLOW" : action.kind === "known" ? action.value : undefined) {
    case "ALLOW":
      return whoeverPassesAny(
        policies.map((policy) =>
          policy.kind === "known" ? whoeverPassesAny(policy.messages("principals").map(satisfying)) : anybody,
        ),
      );
    case "DENY":
      return whoeverPassesAll(
        policies
          .filter(isOfEverything)
          .map((policy) => whoeverPassesAll(policy.messages("principals").map(failing))),
      );
    default:
      return anybody;
  }
}

/**
 * Whoever a filter of access control lets in (Envoy API, `filters.http.rbac.v3.RBAC` and `filters.network.rbac.v3.RBAC`), and
 * no fewer. Without rules it lets everybody in; rules that only record hold nobody back.
 */
export function admittedByFilter(filter: Message): readonly Admission[] {
  const rules = filter.message("rules");
  return rules.kind === "known" && filter.read("matcher").kind === "absent"
    ? admittedByRules(rules)
    : anybody;
}
