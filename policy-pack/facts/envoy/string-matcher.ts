import { flagOf, mayBeTrue, textOf } from "../../reading";

import { anyCertificate, type Admission, type ProvedIdentity } from "./admission";
import { enumOf, type Message } from "./message";

/** A pattern of RE2 that is the text of one identity, with points and other marks escaped or not. */
const literal = /^\^?((?:[\w:/-]|\\[./:-])*)\$?$/;

function regexIdentity(text: string): ProvedIdentity {
  const [, one] = literal.exec(text) ?? [];
  if (one !== undefined) {
    return { kind: "exact", text: one.replaceAll("\\", "") };
  }
  let pattern: RegExp | undefined;
  try {
    pattern = new RegExp(`^(?:${text})$`);
  } catch {
    // RE2 has forms that are not JavaScript's: it may match anything.
  }
  const compiled = pattern;
  return {
    kind: "pattern",
    what: `whoever has an identity like /${text}/`,
    mayBe: (identity) => compiled?.test(identity) ?? true,
  };
}

const unread: ProvedIdentity = {
  kind: "pattern",
  what: "whoever has an identity that is not known",
  mayBe: () => true,
};

/** The identities that a matcher of texts matches (Envoy API, `envoy.type.matcher.v3.StringMatcher`), and no fewer. */
export function identityOf(matcher: Message): ProvedIdentity {
  const texts = ["exact", "prefix", "suffix", "contains"] as const;
  const set = texts.filter((kind) => matcher.read(kind).kind !== "absent");
  const regex = matcher.message("safe_regex");
  const [kind, ...others] = set;
  const beyond = matcher.besides([...texts, "safe_regex", "ignore_case"]);
  if (matcher.kind !== "known" || others.length > 0 || beyond.length > 0) {
    return unread;
  }
  if (kind === undefined) {
    const text = textOf(regex.read("regex"));
    return text.kind === "known" ? regexIdentity(text.value) : unread;
  }
  const text = textOf(matcher.read(kind));
  if (text.kind !== "known" || regex.kind !== "absent") {
    return unread;
  }
  const { value } = text;
  const ignoresCase = mayBeTrue(flagOf(matcher.read("ignore_case")));
  const folded = (one: string): string => (ignoresCase ? one.toLowerCase() : one);
  const matches = {
    exact: (identity: string) => folded(identity) === folded(value),
    prefix: (identity: string) => folded(identity).startsWith(folded(value)),
    suffix: (identity: string) => folded(identity).endsWith(folded(value)),
    contains: (identity: string) => folded(identity).includes(folded(value)),
  };
  if (kind === "exact" && !ignoresCase) {
    return { kind, text: value };
  }
  const words = {
    exact: "is, in any case of its letters,",
    prefix: "begins with",
    suffix: "ends with",
    contains: "has in it",
  };
  return {
    kind: "pattern",
    what: `whoever has an identity that ${words[kind]} ${value}`,
    mayBe: matches[kind],
  };
}

/** Kinds of names in a certificate, by their numbers (Envoy API, `SubjectAltNameMatcher.SanType`). */
const kindsOfNames = ["SAN_TYPE_UNSPECIFIED", "EMAIL", "DNS", "URI", "IP_ADDRESS", "OTHER_NAME"] as const;

/**
 * Whoever has a certificate with a name that a matcher matches (Envoy API, `transport_sockets.tls.v3.SubjectAltNameMatcher`).
 * A name of another kind than a URI is nobody's identity in a mesh.
 */
export function admittedByName(name: Message): readonly Admission[] {
  const kind = enumOf(name.read("san_type"), kindsOfNames);
  const identity = identityOf(name.message("matcher"));
  if (kind.kind === "known" && kind.value === "URI") {
    return [{ identity, addresses: undefined }];
  }
  const text = identity.kind === "exact" ? identity.text : "that is like a pattern";
  return [
    {
      identity: {
        kind: "pattern",
        what: `whoever has the ${kind.kind === "known" ? kind.value : "unknown"} name ${text}`,
        mayBe: () => true,
      },
      addresses: undefined,
    },
  ];
}

/** Whoever has a certificate with an identity that a matcher matches; with any, where there is none. */
export function admittedBy(matcher: Message): readonly Admission[] {
  return matcher.kind === "absent"
    ? anyCertificate
    : [{ identity: identityOf(matcher), addresses: undefined }];
}
