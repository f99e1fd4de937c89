import { beforeAll, describe, expect, it } from "vitest";

import { judge } from "../judge-on-a-day";
import { renderedOnGoogle } from "../rendered-stack";
import type { Knowledge, Sketch } from "../stack-sketch";
import { eachKind } from "../each-kind";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

/**
 * Kinds of resources without the first of which nothing is more open (others of a kind are named below): what flows lead
 * to, what lets a workload do what its flows name, what runs it, what is called by its name in others, what only shows
 * what is recorded, and what screens the prompts of a way that flows name, of which no rule speaks.
 */
const openingNothing: readonly string[] = [
  "accesscontextmanager:AccessLevel",
  "artifactregistry:Repository",
  "artifactregistry:RepositoryIamMember",
  "bigquery:Dataset",
  "bigquery:Table",
  "certificatemanager:Certificate",
  "certificatemanager:CertificateMap",
  "certificatemanager:CertificateMapEntry",
  "compute:Address",
  "compute:GlobalAddress",
  "compute:GlobalForwardingRule",
  "compute:HealthCheck",
  "compute:InstanceGroupManager",
  "compute:NetworkFirewallPolicyRule",
  "compute:NetworkPeering",
  "compute:PerInstanceConfig",
  "compute:SecurityPolicy",
  "dns:ResponsePolicyRule",
  "healthcare:Dataset",
  "healthcare:FhirStore",
  "healthcare:FhirStoreIamBinding",
  "kms:CryptoKey",
  "kms:CryptoKeyIAMBinding",
  "kms:KeyRing",
  "logging:LogScope",
  "logging:LogView",
  "logging:Metric",
  "modelarmor:Floorsetting",
  "monitoring:AlertPolicy",
  "projects:IAMMember",
  "projects:Service",
  "projects:ServiceIdentity",
  "secretmanager:Secret",
  "secretmanager:SecretIamBinding",
  "secretmanager:SecretVersion",
  "serviceaccount:IAMMember",
];

describe.each(knowledges)("what must exist for a platform on Google Cloud, %s", (knowledge) => {
  let whole: Sketch;
  beforeAll(async () => {
    whole = await renderedOnGoogle(eachKind, knowledge);
  });
  const isRefusedWithout = (name: string): boolean =>
    judge(whole.copy().remove(name).resources(), { dryRun: knowledge === "preview" }).findings.some(
      ({ level }) => level === "mandatory",
    );
  /** The resources of the platform by their kinds, such as `compute:Network`. */
  const namesByKind = (): ReadonlyMap<string, readonly string[]> => {
    const names = new Map<string, readonly string[]>();
    for (const { type, name } of whole.resources()) {
      const [, kind = "", last = ""] = /^gcp:(\w+)\/\w+:(\w+)$/.exec(type) ?? [];
      if (kind !== "") {
        names.set(`${kind}:${last}`, [...(names.get(`${kind}:${last}`) ?? []), name]);
      }
    }
    return names;
  };

  it("is one of each kind of resource, but for those that open nothing by their absence", () => {
    const missed = [...namesByKind()].flatMap(([kind, names]) =>
      isRefusedWithout(names[0] ?? "") ? [] : [kind],
    );
    expect(missed.filter((kind) => !openingNothing.includes(kind))).toEqual([]);
  });

  it.each([
    "bulkhead-phi-perimeter",
    "bulkhead-platform-perimeter",
    "bulkhead-gateway-deny-all-egress",
    "bulkhead-processing-deny-all-ingress",
    "bulkhead-gateway-filter-in-force",
    "bulkhead-gateway-google-apis-endpoint",
    "bulkhead-processing-google-apis-address",
    "bulkhead-gateway-googleapis-com-zone",
    "bulkhead-gateway-names-every-other-name",
    "bulkhead-processing-names-recording",
    "bulkhead-document-store-clients",
    "bulkhead-phi-records",
    "bulkhead-phi-records-routing",
    "bulkhead-phi-calls-recording",
    "bulkhead-machine-clients",
    "bulkhead-workload-authentication",
    "bulkhead-clinician-web-firewall",
    "bulkhead-entrance-tls",
  ])("is %s", (name) => {
    expect(isRefusedWithout(name)).toBe(true);
  });
});
