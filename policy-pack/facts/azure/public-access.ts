import { reading, textOf } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import type { PublicName } from "../fact";
import { pathText, valuesAt } from "../property-path";
import { broken } from "../setting";

import { labelOf, platformOf, type AzureStack } from "./azure-stack";
import { namesAuthority } from "./firewall-authorities";
import { privateLinks, serviceOf } from "./private-links";
import { publicAccessTypes } from "./public-access-types";
import { namedReferents } from "./referents";
import { at } from "../property-path";

const fhirTypes = [
  "azure-native:healthcareapis:fhirservice",
  "azure-native:healthcareapis:dicomservice",
] as const;
const workspaceTypes = ["azure-native:healthcareapis:workspace"] as const;

function name(
  stack: AzureStack,
  node: Node,
  what: string,
  assumption: string | undefined,
  remedy: string,
): readonly PublicName[] {
  const zone = stack.zones.of(node.urn);
  return zone === undefined
    ? []
    : [
        {
          urn: node.urn,
          label: labelOf(node),
          zone,
          platform: platformOf(stack, node),
          // Whatever is in the PHI zone holds PHI, or is told it.
          isStore: zone === "phi",
          what,
          assumption,
          remedy,
        },
      ];
}

const vaultTypes = ["azure-native:keyvault:vault"] as const;

/** Whether a vault has keys in the stack, has no secrets, and lets in by roles alone. */
function holdsKeysAlone({ graph }: AzureStack, vault: Node): boolean {
  const within = (type: string): readonly Referent[] =>
    graph
      .ofType(type)
      .flatMap((part) => namedReferents(graph, part, "vaultName", graph.read(part, "vaultName"), vaultTypes));
  const isThis = (to: Referent): boolean => to.kind === "resource" && to.node === vault;
  const isByRoles = valuesAt(graph, vault, ["properties", "enableRbacAuthorization"]).some(
    (value) => value.kind === "known" && value.value === true,
  );
  return (
    isByRoles &&
    within("azure-native:keyvault:key").some((to) => isThis(to) && !("assumed" in to && to.assumed)) &&
    !within("azure-native:keyvault:secret").some((to) => to.kind === "undetermined" || isThis(to))
  );
}

/**
 * Whether a vault lets in by roles alone, and has nothing in it but authorities with which firewalls of the stack end TLS:
 * they read those from no private endpoint (Azure Firewall, "Azure Firewall Premium certificates").
 */
function holdsFirewallAuthorityAlone(stack: AzureStack, vault: Node): boolean {
  const { graph } = stack;
  const isByRoles = valuesAt(graph, vault, ["properties", "enableRbacAuthorization"]).some(
    (value) => value.kind === "known" && value.value === true,
  );
  const parts = (type: string): readonly Node[] =>
    graph
      .ofType(type)
      .filter((part) =>
        namedReferents(graph, part, "vaultName", graph.read(part, "vaultName"), vaultTypes).some(
          (to) => to.kind === "undetermined" || (to.kind === "resource" && to.node === vault),
        ),
      );
  const secrets = parts("azure-native:keyvault:secret");
  const policies = graph.ofType("azure-native:network:firewallpolicy");
  return (
    isByRoles &&
    secrets.length > 0 &&
    parts("azure-native:keyvault:key").length === 0 &&
    secrets.every((secret) => policies.some((policy) => namesAuthority(stack, policy, secret)))
  );
}

/** Services in zones whose settings let them answer past their private endpoint. */
function openServices(stack: AzureStack): readonly PublicName[] {
  const { graph, zones } = stack;
  return graph.ofType(...publicAccessTypes.keys()).flatMap((node) => {
    const shape = publicAccessTypes.get(node.resourceType);
    const isPlaced = shape?.subnet !== undefined && valuesAt(graph, node, at(shape.subnet)).length > 0;
    const answersNobody = (shape?.settings ?? [])
      .filter(({ path }) => path.at(-1) === "publicNetworkAccess")
      .some((setting) => broken(graph, node, [{ ...setting, right: ["Disabled"] }]).length === 0);
    const settings = [
      ...(shape?.settings ?? []),
      ...(answersNobody ? [] : (shape?.rules ?? [])),
      ...(shape?.besidesKeys === undefined ||
      holdsKeysAlone(stack, node) ||
      holdsFirewallAuthorityAlone(stack, node)
        ? []
        : shape.besidesKeys),
      ...(zones.of(node.urn) === "phi" ? (shape?.inPhi ?? []) : []),
    ].map((setting) => (isPlaced ? { ...setting, isRightByDefault: true } : setting));
    return broken(graph, node, settings).flatMap(({ setting: { path, what, remedy }, isUnknown }) =>
      name(
        stack,
        node,
        `${labelOf(node)} ${what} (${pathText(path)}).`,
        isUnknown ? `\`${pathText(path)}\` is not known` : undefined,
        remedy,
      ),
    );
  });
}

/**
 * Services of health data in zones that answer past the private endpoint of their workspace. No program sets this: Azure
 * closes them once their workspace has an endpoint, and says so of what exists.
 */
function openHealthServices(stack: AzureStack): readonly PublicName[] {
  const { graph } = stack;
  const reached = new Set(privateLinks(stack).map(serviceOf));
  const isReached = (service: Node): boolean =>
    namedReferents(
      graph,
      service,
      "workspaceName",
      graph.read(service, "workspaceName"),
      workspaceTypes,
    ).some((to) => to.kind === "resource" && !to.assumed && reached.has(to.node));
  return graph.ofType(...fhirTypes).flatMap((node) => {
    const access = textOf(reading(node.outputs["publicNetworkAccess"]));
    const remedy = "Let a private endpoint of the stack lead to its workspace, and deploy again.";
    if (access.kind === "known") {
      return access.value.toLowerCase() === "disabled"
        ? []
        : name(
            stack,
            node,
            `${labelOf(node)} answers past its private endpoint (publicNetworkAccess is ${access.value}).`,
            undefined,
            remedy,
          );
    }
    const isToBeClosed = graph.dryRun && isReached(node);
    return isToBeClosed
      ? []
      : name(
          stack,
          node,
          `${labelOf(node)} answers past its private endpoint, which its workspace may not have.`,
          graph.dryRun && !isReached(node) ? undefined : "`publicNetworkAccess` is not known",
          remedy,
        );
  });
}

/** Services in zones that answer past their private endpoint, or may. */
export function publicAccess(stack: AzureStack): readonly PublicName[] {
  return [...openServices(stack), ...openHealthServices(stack)];
}
