import { hostPattern } from "../../host-pattern";
import { absent, itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import type { HostAllowance } from "../host-allowance";
import { at, valuesAt } from "../property-path";
import { hostAllowance, isBelow } from "../read-hosts";

import { apiPolicyTypes } from "./api-policies";
import { labelOf, types, type AzureStack } from "./azure-stack";
import { isAzureOwn } from "./dns-policies";
import { within, type Mapping } from "./gateway-parts";
import { policyElements } from "./policy-xml";
import { wordOf } from "./word";

const collectionTypes: readonly ResourceType[] = [
  "azure-native:network:firewallpolicyrulecollectiongroup",
  "azure-native:network:firewallpolicyrulegroup",
];
const listType = "azure-native:dnsresolver:dnsresolverdomainlist";
const securityRuleType = "azure-native:dnsresolver:dnssecurityrule";

/** Where a rule of a firewall names hosts: of applications, of the network, and of translation. */
const hostKeys = ["targetFqdns", "targetUrls", "destinationFqdns", "translatedFqdn"] as const;

/** Names that stand for more than a list of them would. */
const wideKeys = ["fqdnTags", "webCategories"] as const;

/** Properties of Azure's resources that hold an address to which requests are sent on. */
const routes: Readonly<Record<ResourceType, readonly string[]>> = {
  "azure-native:apimanagement:backend": ["url"],
  "azure-native:apimanagement:api": ["serviceUrl"],
  "azure-native:apimanagement:workspacebackend": ["url"],
  "azure-native:cdn:afdorigin": ["hostName"],
  "azure-native:cognitiveservices:accountconnection": ["properties.target"],
  "azure-native:cognitiveservices:projectconnection": ["properties.target"],
  "azure-native:machinelearningservices:connection": ["properties.target"],
  "azure-native:network:applicationgateway": ["backendAddressPools.backendAddresses.fqdn"],
  "azure-native:network:forwardingrule": ["domainName"],
  "azure-native:dnsresolver:forwardingrule": ["domainName"],
};

/** Lists of hosts that a service may call by itself. */
const services: Readonly<Record<ResourceType, readonly string[]>> = {
  "azure-native:cognitiveservices:account": ["properties.allowedFqdnList"],
  "azure-native:machinelearningservices:managednetworksettingsrule": ["properties.destination"],
};

/** What the rules of one collection let through by names. */
function ofCollection(stack: AzureStack, node: Node, item: Reading<unknown>): readonly HostAllowance[] {
  const collection = recordOf(item);
  const action = wordOf(within(collection, "action", "type"));
  const kind = wordOf(memberReading(collection, "ruleCollectionType"));
  // A collection that translates addresses has an action of its own kind, and so may one that says none.
  if (action.kind === "known" && action.value === "deny") {
    return [];
  }
  const rules = itemsOf(memberReading(collection, "rules"));
  // The first version of policies had a rule in the place of a collection, with its conditions.
  const conditions = itemsOf(memberReading(collection, "ruleConditions"));
  const all = kind.kind === "unknown" && rules.length === 0 ? [kind] : [...rules, ...conditions];
  return all.flatMap((read, index) => ofRule(stack, node, recordOf(read), index, action));
}

function ofRule(
  stack: AzureStack,
  node: Node,
  rule: Mapping,
  index: number,
  action: Reading<string>,
): readonly HostAllowance[] {
  const name = textOf(memberReading(rule, "name"));
  const written = hostKeys.flatMap((key) => {
    const value = memberReading(rule, key);
    return key === "translatedFqdn" ? [value] : itemsOf(value);
  });
  const wide = wideKeys.flatMap((key) => itemsOf(memberReading(rule, key)));
  return hostAllowance(stack, node, {
    by: "firewall",
    part: name.kind === "known" ? `rule ${name.value}` : `rule ${String(index + 1)}`,
    // Which hosts are behind a tag or a category, Azure says and changes.
    hosts:
      wide.length > 0 ? [...written, { kind: "unknown" }] : written.filter(({ kind }) => kind !== "absent"),
    assumption:
      action.kind === "unknown"
        ? "whether it lets anything through"
        : wide.length > 0
          ? "which hosts its tags or categories stand for"
          : undefined,
  });
}

/** What firewalls let through by names: by the rules of their policies, and by those that they have themselves. */
function ofFirewalls(stack: AzureStack): readonly HostAllowance[] {
  const { graph } = stack;
  const ofPolicies = graph
    .ofType(...collectionTypes)
    .flatMap((node) =>
      ["ruleCollections", "rules"].flatMap((key) =>
        itemsOf(graph.read(node, key)).flatMap((item) => ofCollection(stack, node, item)),
      ),
    );
  const own = graph
    .ofType(...types.firewall)
    .flatMap((node) =>
      ["applicationRuleCollections", "networkRuleCollections", "natRuleCollections"].flatMap((key) =>
        itemsOf(graph.read(node, key)).flatMap((item) => ofCollection(stack, node, item)),
      ),
    );
  return [...ofPolicies, ...own];
}

/** What DNS security policies answer, besides names of Azure's own and of private zones of the stack. */
function ofResolvers(stack: AzureStack): readonly HostAllowance[] {
  const { graph } = stack;
  const zones = graph.ofType("azure-native:privatedns:privatezone").flatMap((zone) => {
    const name = textOf(graph.read(zone, "privateZoneName"));
    return name.kind === "known" ? [name.value] : [];
  });
  return graph.ofType(securityRuleType).flatMap((node) => {
    const action = wordOf(within(recordOf(graph.read(node, "action")), "actionType"));
    if (action.kind === "known" && action.value === "block") {
      return [];
    }
    const lists = itemsOf(graph.read(node, "dnsResolverDomainLists")).flatMap((item) =>
      graph.referentsOf(node, "dnsResolverDomainLists", memberReading(recordOf(item), "id"), [listType]),
    );
    const hosts = lists.flatMap((list) =>
      list.kind === "resource" ? itemsOf(graph.read(list.node, "domains")) : [{ kind: "unknown" } as const],
    );
    const named = hosts
      .filter((host) => {
        const text = textOf(host);
        return text.kind !== "known" || !(isAzureOwn(text.value) || isBelow(hostPattern(text.value), zones));
      })
      // A domain of a list means whatever is below it too (Azure DNS, "DNS security policy").
      .map((host) => {
        const text = textOf(host);
        return text.kind === "known"
          ? ({ kind: "known", value: `.${text.value.replace(/^[.*]+/, "")}` } as const)
          : host;
      });
    const [list] = lists;
    return hostAllowance(stack, node, {
      by: "resolver",
      part: list?.kind === "resource" ? `${labelOf(list.node)}, by` : undefined,
      hosts: named,
      assumption: action.kind === "unknown" ? "`action` of the rule" : undefined,
    });
  });
}

/** Where policies of API Management send requests: what they set as the backend, and what they call themselves. */
function ofApiPolicies(stack: AzureStack): readonly HostAllowance[] {
  const { graph } = stack;
  return graph.ofType(...apiPolicyTypes).flatMap((node) => {
    const text = textOf(graph.read(node, "value"));
    const elements = text.kind === "known" ? (policyElements(text.value) ?? []) : [];
    const urls = elements.flatMap(({ name, attributes }) =>
      name === "set-backend-service" ? [attributes.get("base-url") ?? ""] : [],
    );
    const called = text.kind === "known" ? text.value.matchAll(/<set-url>\s*([^<@]+)<\/set-url>/g) : [];
    const written = [...urls, ...[...called].map(([, url = ""]) => url)].filter((url) =>
      /^https?:/i.test(url),
    );
    return hostAllowance(stack, node, {
      by: "route",
      hosts: written.map((value) => ({ kind: "known", value })),
    });
  });
}

/** Hosts that properties of resources name. */
function named(
  stack: AzureStack,
  table: Readonly<Record<ResourceType, readonly string[]>>,
  by: "route" | "service",
): readonly HostAllowance[] {
  const { graph } = stack;
  return Object.entries(table).flatMap(([type, paths]) =>
    graph.ofType(type).flatMap((node) => {
      const found = paths.flatMap((path) => valuesAt(graph, node, at(path)));
      const isForwarding = type.endsWith(":forwardingrule");
      return hostAllowance(stack, node, {
        by: isForwarding ? "resolver" : by,
        hosts: found
          // An address to which requests are sent on that is not known is an output of something of the stack's.
          .filter((value) => by === "service" || value.kind === "known")
          .map((value) => {
            const text = textOf(value);
            return isForwarding && text.kind === "known"
              ? ({ kind: "known", value: `.${text.value.replace(/^\.+/, "")}` } as const)
              : text.kind === "known" || by === "service"
                ? text
                : absent;
          }),
      });
    }),
  );
}

/** What Azure's resources of the stack let through by the names of hosts. */
export function hostAllowances(stack: AzureStack): readonly HostAllowance[] {
  return [
    ...ofFirewalls(stack),
    ...ofResolvers(stack),
    ...named(stack, services, "service"),
    ...named(stack, routes, "route"),
    ...ofApiPolicies(stack),
  ];
}
