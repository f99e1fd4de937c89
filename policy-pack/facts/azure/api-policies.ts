import { textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, StackGraph } from "../../stack-graph";

import { mayBePartOf } from "./part-of";
import { policyElements, type PolicyElement } from "./policy-xml";

export const apiServiceType = "azure-native:apimanagement:apimanagementservice";

/** Policies that stand in the place of the service's, or take it in where they say `base`. */
const lowerTypes = [
  "azure-native:apimanagement:apipolicy",
  "azure-native:apimanagement:apioperationpolicy",
  "azure-native:apimanagement:productpolicy",
  "azure-native:apimanagement:workspacepolicy",
  "azure-native:apimanagement:workspaceapipolicy",
  "azure-native:apimanagement:workspaceapioperationpolicy",
  "azure-native:apimanagement:workspaceproductpolicy",
] as const;

const servicePolicyType = "azure-native:apimanagement:policy";

/** Types of policies of API Management. */
export const apiPolicyTypes: readonly ResourceType[] = [servicePolicyType, ...lowerTypes];

/** What a policy does about certificates of clients. */
type Verification = "verifies" | "inherits" | "lets by" | "not known";

/** Whether something is tried for each request: it stands in `inbound` itself, and not under a condition. */
function isAlways({ within }: PolicyElement): boolean {
  return within.join(" ") === "policies inbound";
}

/** Whether an element refuses certificates of authorities that nobody trusts, and clients without one. */
function isVerifying({ name, attributes }: PolicyElement): boolean {
  // Without a word on them, authority and dates are looked at and an error refuses (API Management, `validate-client-certificate`).
  const isOn = (key: string): boolean => (attributes.get(key) ?? "true").toLowerCase() === "true";
  return (
    name === "validate-client-certificate" &&
    isOn("validate-trust") &&
    isOn("validate-not-before") &&
    isOn("validate-not-after") &&
    (attributes.get("ignore-error") ?? "false").toLowerCase() === "false"
  );
}

function verificationOf(graph: StackGraph, policy: Node): Verification {
  const format = textOf(graph.read(policy, "format"));
  const value: Reading<string> = textOf(graph.read(policy, "value"));
  const isText = format.kind === "absent" || (format.kind === "known" && !/link$/i.test(format.value));
  const elements = isText && value.kind === "known" ? policyElements(value.value) : undefined;
  if (elements === undefined) {
    return "not known";
  }
  const always = elements.filter(isAlways);
  if (always.some(isVerifying)) {
    return "verifies";
  }
  return always.some(({ name }) => name === "base") ? "inherits" : "lets by";
}

/** Whether the policies of a service ask each client for a certificate, and otherwise why not. */
export function clientVerification(
  graph: StackGraph,
  service: Node,
): { readonly isVerifying: boolean; readonly why: string; readonly assumption: string | undefined } {
  const ofService = (type: ResourceType): readonly Node[] =>
    graph.ofType(type).filter((policy) => mayBePartOf(graph, policy, "serviceName", service, apiServiceType));
  const own = ofService(servicePolicyType).map((policy) => verificationOf(graph, policy));
  const lower = lowerTypes
    .flatMap((type) => ofService(type))
    .map((policy) => ({ policy, does: verificationOf(graph, policy) }));
  const isNotKnown = own.includes("not known");
  const isBaseVerifying = own.length > 0 && own.every((does) => does === "verifies");
  if (isBaseVerifying) {
    const open = lower.find(({ does }) => does === "lets by" || does === "not known");
    return open === undefined
      ? { isVerifying: true, why: "", assumption: undefined }
      : {
          isVerifying: false,
          why: `the policy ${open.policy.name} lets in clients without a certificate that is verified`,
          assumption: open.does === "not known" ? `\`value\` of ${open.policy.name} is not known` : undefined,
        };
  }
  // Without the service's own, each API has to verify by itself.
  const apis = graph
    .ofType("azure-native:apimanagement:api")
    .filter((api) => mayBePartOf(graph, api, "serviceName", service, apiServiceType));
  const ofApis = lower.filter(({ policy }) => policy.resourceType === "azure-native:apimanagement:apipolicy");
  const isEach =
    apis.length > 0 && ofApis.length >= apis.length && lower.every(({ does }) => does === "verifies");
  return {
    isVerifying: isEach,
    why: "no policy of it verifies certificates of clients (validate-client-certificate)",
    assumption:
      isNotKnown || lower.some(({ does }) => does === "not known")
        ? "`value` of a policy is not known"
        : undefined,
  };
}
