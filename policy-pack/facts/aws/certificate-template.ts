import { known, textOf, understood, unknown, type Reading } from "../../reading";
import type { Node, StackGraph } from "../../stack-graph";
import type { CertificateUsage, ChainPlace } from "../certificate";

/** What a template of Private CA makes of a request (Private CA user guide, "template definitions"). */
export interface CertificateTemplate {
  readonly place: ChainPlace;
  readonly usages: Reading<ReadonlySet<CertificateUsage>>;
}

const usagesByName: Readonly<Record<string, readonly CertificateUsage[]>> = {
  RootCA: ["signing"],
  SubordinateCA: ["signing"],
  EndEntity: ["server", "client"],
  EndEntityServerAuth: ["server"],
  EndEntityClientAuth: ["client"],
  CodeSigning: [],
  OCSPSigning: [],
};

function templateNamed(arn: string): CertificateTemplate | undefined {
  const [, blank, name = ""] = /:template\/(Blank)?([A-Za-z]+)Certificate(?:_\w+)?\/V\d+$/.exec(arn) ?? [];
  const usages = Object.hasOwn(usagesByName, name) ? usagesByName[name] : undefined;
  if (usages === undefined) {
    return undefined;
  }
  return {
    place: name === "RootCA" ? "root" : name === "SubordinateCA" ? "intermediate" : "leaf",
    // A blank template takes the usages from the request.
    usages: blank === undefined ? known(new Set(usages)) : unknown,
  };
}

/** The template of a certificate. Without one, Private CA takes that of a workload, for both ends of a connection. */
export function templateOf(graph: StackGraph, node: Node): Reading<CertificateTemplate> {
  const arn = textOf(graph.read(node, "templateArn"));
  return understood(
    arn.kind === "absent" ? known("arn:aws:acm-pca:::template/EndEntityCertificate/V1") : arn,
    (value) => (typeof value === "string" ? templateNamed(value) : undefined),
  );
}
