import {
  flagOf,
  integerOf,
  known,
  memberReading,
  recordOf,
  textOf,
  understood,
  unknown,
  type Reading,
} from "../reading";
import type { Node, StackGraph } from "../stack-graph";

import {
  usagesIn,
  type Certificate,
  type CertificateFault,
  type CertificateKey,
  type PublicKeyInfrastructure,
} from "./certificate";
import type { KeyAlgorithm } from "./key-algorithm";
import { labelOf } from "./label";

const certificateType = "kubernetes:cert-manager.io:certificate";
const patchType = "kubernetes:cert-manager.io:certificatepatch";
const issuerTypes = ["kubernetes:cert-manager.io:issuer", "kubernetes:cert-manager.io:clusterissuer"];

/** Types of cert-manager from which facts about certificates are drawn. It serves every cloud's Kubernetes. */
export const certManagerTypes = [certificateType, patchType, ...issuerTypes] as const;

/** How long a certificate lives that says nothing of it (cert-manager API reference, CertificateSpec). */
const defaultHours = 2160;

const unitHours: Readonly<Record<string, number>> = {
  h: 1,
  m: 1 / 60,
  s: 1 / 3600,
  ms: 1 / 3.6e6,
  us: 1 / 3.6e9,
  µs: 1 / 3.6e9,
  ns: 1 / 3.6e12,
};

/** The hours of a duration as Go writes it: `2160h`, `1h30m`. */
function durationOf(read: Reading<unknown>): Reading<number> {
  return understood(read, (value) => {
    if (typeof value !== "string" || !/^(?:\d+(?:\.\d+)?(?:h|ms|m|s|us|µs|ns))+$/.test(value)) {
      return undefined;
    }
    return [...value.matchAll(/([\d.]+)([a-zµ]+)/g)].reduce(
      (sum, [, amount, unit = ""]) => sum + Number(amount) * (unitHours[unit] ?? Number.NaN),
      0,
    );
  });
}

type Spec = Reading<Readonly<Record<string, unknown>>>;

/** What is not set in a resource has cert-manager's default; in a patch, whatever the patched resource says. */
function orDefault<T>(node: Node, read: Reading<T>, value: T): Reading<T> {
  return read.kind !== "absent" ? read : node.resourceType === patchType ? unknown : known(value);
}

/** How long before it expires a certificate is renewed: a third of its life, where nothing is said. */
function renewalHours(node: Node, spec: Spec, lifetime: Reading<number>): Reading<number> {
  const early = durationOf(memberReading(spec, "renewBefore"));
  const percentage = integerOf(memberReading(spec, "renewBeforePercentage"));
  if (early.kind !== "absent") {
    return early;
  }
  const part = orDefault<number>(
    node,
    understood(percentage, (value) => (typeof value === "number" ? value / 100 : undefined)),
    1 / 3,
  );
  return lifetime.kind === "known" && part.kind === "known" ? known(lifetime.value * part.value) : unknown;
}

/** The name that a resource has in Kubernetes. */
function nameIn(graph: StackGraph, node: Node): Reading<string> {
  return textOf(memberReading(recordOf(graph.read(node, "metadata")), "name"));
}

/** Whether the issuer of a certificate lets it sign itself. One that is not in the stack is taken not to. */
function isSelfSigned(graph: StackGraph, spec: Spec): Reading<boolean> {
  const reference = recordOf(memberReading(spec, "issuerRef"));
  const name = textOf(memberReading(reference, "name"));
  const kind = textOf(memberReading(reference, "kind"));
  const suffix = `:${kind.kind === "known" ? kind.value.toLowerCase() : "issuer"}`;
  const fitting = graph.ofType(...issuerTypes).filter((issuer) => {
    const own = nameIn(graph, issuer);
    const signs = memberReading(recordOf(graph.read(issuer, "spec")), "selfSigned");
    return (
      signs.kind !== "absent" &&
      (kind.kind === "unknown" || issuer.resourceType.endsWith(suffix)) &&
      (own.kind !== "known" || name.kind !== "known" || own.value === name.value)
    );
  });
  const isCertain =
    kind.kind !== "unknown" &&
    name.kind === "known" &&
    fitting.some((issuer) => nameIn(graph, issuer).kind === "known");
  return fitting.length === 0 ? known(false) : isCertain ? known(true) : unknown;
}

/** What a certificate may be used for. One of an authority may always sign. */
function usagesOf(node: Node, spec: Spec, isLeaf: boolean): Certificate["usages"] {
  const usages = usagesIn(orDefault(node, memberReading(spec, "usages"), []));
  return usages.kind === "known" && !isLeaf ? known(new Set([...usages.value, "signing"] as const)) : usages;
}

function certificateOf(graph: StackGraph, node: Node): Certificate {
  const spec = recordOf(graph.read(node, "spec"));
  const isAuthority = orDefault(node, flagOf(memberReading(spec, "isCA")), false);
  const self = isSelfSigned(graph, spec);
  const hours = orDefault(node, durationOf(memberReading(spec, "duration")), defaultHours);
  const isLeaf = isAuthority.kind === "known" && !isAuthority.value;
  return {
    urn: node.urn,
    label: labelOf(node),
    place: isLeaf
      ? known("leaf")
      : isAuthority.kind === "known" && self.kind === "known"
        ? known(self.value ? "root" : "intermediate")
        : unknown,
    lifetime: { hours, property: "spec.duration" },
    renewal: {
      kind: "before-expiry",
      hours: renewalHours(node, spec, hours),
      property: "spec.renewBefore",
    },
    usages: usagesOf(node, spec, isLeaf),
    isSelfSigned: self,
    // By itself an authority is shown without its issuer, which tells a root from an intermediate.
    isGuiltyAlone: isLeaf,
  };
}

/** The key that cert-manager makes: RSA of 2048 bits or the curve P-256, where nothing is said. */
function keyOf(graph: StackGraph, node: Node): CertificateKey {
  const privateKey = recordOf(memberReading(recordOf(graph.read(node, "spec")), "privateKey"));
  const algorithm = orDefault(node, textOf(memberReading(privateKey, "algorithm")), "RSA");
  const size = integerOf(memberReading(privateKey, "size"));
  const sized = (family: "rsa" | "elliptic-curve", least: number): Reading<KeyAlgorithm> => {
    const bits = orDefault(node, size, least);
    return bits.kind === "known" ? known({ family, bits: bits.value }) : unknown;
  };
  const read = (): Reading<KeyAlgorithm> => {
    switch (algorithm.kind === "known" ? algorithm.value : undefined) {
      case "RSA":
        return sized("rsa", 2048);
      case "ECDSA":
        return sized("elliptic-curve", 256);
      case "Ed25519":
        return known({ family: "fixed", name: "Ed25519" });
      default:
        return unknown;
    }
  };
  return {
    urn: node.urn,
    label: labelOf(node),
    algorithm: read(),
    property: "spec.privateKey",
    isGuiltyAlone: true,
  };
}

/** What keeps the key of a certificate when the certificate is renewed. */
function keptKey(graph: StackGraph, node: Node): readonly CertificateFault[] {
  const privateKey = recordOf(memberReading(recordOf(graph.read(node, "spec")), "privateKey"));
  const policy =
    privateKey.kind === "known" ? textOf(memberReading(privateKey, "rotationPolicy")) : privateKey;
  if (policy.kind === "known" && policy.value === "Always") {
    return [];
  }
  return [
    {
      urn: node.urn,
      label: labelOf(node),
      what: "Its key is kept when it is renewed, so that a stolen one is of use for ever.",
      assumption:
        policy.kind === "known"
          ? undefined
          : policy.kind === "unknown"
            ? "its rotationPolicy"
            : "which cert-manager it is: before 1.18 a certificate keeps its key unless it says otherwise",
      remedy: "Set spec.privateKey.rotationPolicy to Always.",
      refuses: policy.kind !== "absent",
      isGuiltyAlone: true,
    },
  ];
}

/** What the certificates of cert-manager promise. */
export function certManagerCertificates(graph: StackGraph): PublicKeyInfrastructure {
  const certificates = graph.ofType(certificateType, patchType);
  return {
    certificates: certificates.map((node) => certificateOf(graph, node)),
    keys: certificates.map((node) => keyOf(graph, node)),
    signatures: [],
    faults: certificates.flatMap((node) => keptKey(graph, node)),
  };
}
