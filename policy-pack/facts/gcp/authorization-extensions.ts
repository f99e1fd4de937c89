import { flagOf, itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { placeIn } from "../place";
import { pathText, readAt, valuesAt, type PropertyPath } from "../property-path";

import type { GcpStack } from "./gcp-stack";
import { backendServiceTypes, forwardingRuleTypes } from "./load-balancers";
import { ownersIn } from "./owners";

const policyType = "gcp:networksecurity:authzpolicy";
const extensionType = "gcp:networkservices:authzextension";
const calloutTypes: readonly ResourceType[] = [
  "gcp:networkservices:lbtrafficextension",
  "gcp:networkservices:lbrouteextension",
  "gcp:networkservices:lbedgeextension",
];

/** Types by which a load balancer asks others whether it may let a request through. */
export const authorizationTypes: readonly ResourceType[] = [policyType, extensionType, ...calloutTypes];

const failing = "it lets requests through about which it could ask nobody";

/** Whether a rule of a policy says who may come, and not only what they may ask. */
function namesSources(rule: Reading<unknown>): boolean {
  const from = recordOf(memberReading(recordOf(rule), "from"));
  const some = ["sources", "notSources"].flatMap((key) => itemsOf(memberReading(from, key)));
  const condition = textOf(memberReading(recordOf(rule), "when"));
  return some.length > 0 || condition.kind === "known";
}

/** How load balancers of a zone ask others about requests, and what they do without an answer. */
export function authorizationHops(stack: GcpStack): HopFacts {
  const { graph, zones } = stack;
  inherit(calloutTypes, ["forwardingRules"]);
  inherit([policyType], ["target", "resources"]);
  for (const policy of graph.ofType(policyType)) {
    const read = valuesAt(graph, policy, ["customProvider", "authzExtension", "resources"]);
    for (const extension of read.flatMap((id) =>
      ownersIn(graph, policy, "customProvider", id, [extensionType]),
    )) {
      if (extension.kind === "resource") {
        zones.inherit(extension.node.urn, zones.of(policy.urn), `${policy.name}, which asks it`);
      }
    }
  }

  /** Gives what is put on forwarding rules their zone. */
  function inherit(types: readonly ResourceType[], path: readonly [string, ...string[]]): void {
    for (const node of graph.ofType(...types)) {
      for (const id of valuesAt(graph, node, path)) {
        for (const rule of ownersIn(graph, node, path[0], id, forwardingRuleTypes)) {
          if (rule.kind === "resource") {
            zones.inherit(node.urn, zones.of(rule.node.urn), `${rule.node.name}, on which it is`);
          }
        }
      }
    }
  }

  /** What a load balancer shows requests to, which has to be behind a load balancer of the platform's own. */
  function showsTo(node: Node, acceptor: Acceptor, path: PropertyPath): void {
    const services = valuesAt(graph, node, path).flatMap((value) =>
      ownersIn(graph, node, path[0], value, backendServiceTypes),
    );
    if (services.some(({ kind }) => kind === "external")) {
      acceptor.fault({
        what: "it shows requests to a service that the stack does not show",
        remedy: `Let ${pathText(path)} name a backend service of the stack.`,
        refusedOn: "our platform",
      });
    }
  }

  function judged(types: readonly ResourceType[], judge: (node: Node, acceptor: Acceptor) => void): HopFacts {
    return allHops(
      ...graph.ofType(...types).map((node): HopFacts => {
        const place = placeIn(zones.of(node.urn), undefined);
        if (place === undefined) {
          return allHops();
        }
        const acceptor = new Acceptor(stack, node, place);
        judge(node, acceptor);
        return acceptor.facts();
      }),
    );
  }

  return allHops(
    judged([extensionType], (node, acceptor) => {
      showsTo(node, acceptor, ["service"]);
      acceptor.requires({
        key: "failOpen",
        read: flagOf(graph.read(node, "failOpen")),
        isRight: (value) => !value,
        absentIs: "right",
        what: failing,
        remedy: "Set failOpen to false.",
      });
    }),
    judged(calloutTypes, (node, acceptor) => {
      showsTo(node, acceptor, ["extensionChains", "extensions", "service"]);
      for (const value of valuesAt(graph, node, ["extensionChains", "extensions", "failOpen"])) {
        acceptor.requires({
          key: "extensionChains.extensions.failOpen",
          read: flagOf(value),
          isRight: (open) => !open,
          absentIs: "right",
          what: failing,
          remedy: "Set failOpen of each extension to false.",
        });
      }
    }),
    judged([policyType], (node, acceptor) => {
      const action = textOf(graph.read(node, "action"));
      const provider = readAt(graph, node, "customProvider");
      if (action.kind === "known" && action.value === "CUSTOM" && provider.kind === "absent") {
        acceptor.fault({
          what: "it asks nobody about requests, though it says that somebody decides",
          remedy: "Let customProvider.authzExtension name an AuthzExtension.",
        });
      }
      const said = graph.read(node, "httpRules");
      const rules = itemsOf(said);
      const isOpen =
        said.kind === "absent" || rules.some((rule) => rule.kind !== "unknown" && !namesSources(rule));
      const unknown =
        action.kind === "unknown"
          ? "action"
          : !isOpen && rules.some(({ kind }) => kind === "unknown")
            ? "httpRules"
            : undefined;
      const mayAllow = action.kind === "unknown" || (action.kind === "known" && action.value === "ALLOW");
      if (mayAllow && (isOpen || unknown !== undefined)) {
        acceptor.fault({
          what: "it lets requests through of whoever sends them",
          remedy: "Let each of httpRules say in from.sources who may come.",
          assumption: unknown === undefined ? undefined : `\`${unknown}\` is not known`,
        });
      }
    }),
  );
}
