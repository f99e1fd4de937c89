import { decisionPointId } from "../../../model/access-policy";
import { peerTags } from "../../../model/tag";
import { platformPort } from "../../../model/workload";

import {
  flagOf,
  itemsOf,
  mayBeTrue,
  memberReading,
  recordOf,
  textOf,
  unknown,
  type Reading,
} from "../../reading";
import type { Node } from "../../stack-graph";
import { structured } from "../envoy/proxy";
import { unasked } from "../envoy/request-decisions";
import type { Laxity, MeshPart, RequestDecision, RequestGate } from "../fact";
import { labelOf } from "../label";
import { platformOf } from "../platform-of";

import { clusterPlace, metadataOf, namespaceOf, type ClusterStack } from "./cluster-place";
import { part, parts, rootNamespace, specOf, typesOf, type Part } from "./mesh-resource";

/** What Istio's configuration says of those whom it may ask, wherever the stack shows it (Istio, `MeshConfig`). */
function shownProviders({ graph }: ClusterStack): readonly Part[] {
  const maps = graph.ofType("kubernetes:core:configmap", "kubernetes:core:configmappatch").flatMap((node) => {
    const name = textOf(memberReading(metadataOf({ graph, platforms: new Map() }, node), "name"));
    const text = textOf(memberReading(recordOf(graph.read(node, "data")), "mesh"));
    return name.kind === "known" && name.value !== "istio" && !name.value.startsWith("istio-")
      ? []
      : [text.kind === "known" ? recordOf(structured(text.value)) : recordOf(text)];
  });
  const charts = graph
    .ofType("kubernetes:helm.sh:release", "kubernetes:helm.sh:chart")
    .map((node) => part(recordOf(graph.read(node, "values")), "meshConfig"));
  return [...maps, ...charts].flatMap((mesh) => parts(mesh, "extensionProviders"));
}

/** Whether a rule is about every request that a workload gets. */
function isAboutAll(rule: Part): Reading<boolean> {
  if (rule.kind !== "known") {
    return unknown;
  }
  const operations = parts(rule, "to").map((to) => part(to, "operation"));
  const isPlain =
    Object.keys(rule.value).every((key) => key === "to" || memberReading(rule, key).kind === "absent") &&
    operations.every((operation) => {
      const ports = itemsOf(memberReading(operation, "ports")).map(textOf);
      return (
        operation.kind === "known" &&
        Object.keys(operation.value).every((key) => key === "ports") &&
        (ports.length === 0 ||
          ports.some((port) => port.kind === "known" && port.value === String(platformPort)))
      );
    });
  return { kind: "known", value: isPlain };
}

function gapsOf(stack: ClusterStack, spec: Part): readonly Laxity[] {
  const name = textOf(memberReading(part(spec, "provider"), "name"));
  const abouts = parts(spec, "rules").map(isAboutAll);
  const isAll = abouts.some((about) => about.kind === "known" && about.value);
  const providers = shownProviders(stack).filter((provider) => {
    const own = textOf(memberReading(provider, "name"));
    return name.kind !== "known" || own.kind !== "known" || own.value === name.value;
  });
  const lax = providers.flatMap((provider) =>
    ["envoyExtAuthzGrpc", "envoyExtAuthzHttp"].map((kind) =>
      flagOf(memberReading(part(provider, kind), "failOpen")),
    ),
  );
  return [
    ...(isAll
      ? []
      : [
          {
            what: "it asks about some requests only",
            remedy: "Let rules be one rule that is empty: it is about every request.",
            assumption: abouts.some(({ kind }) => kind === "unknown")
              ? "`spec.rules` is not known"
              : undefined,
          },
        ]),
    ...(name.kind === "known"
      ? []
      : [
          {
            what: "it asks nobody about requests, though it says that somebody decides",
            remedy: "Let provider.name be that of the decision point in extensionProviders.",
            assumption: name.kind === "unknown" ? "`spec.provider.name` is not known" : undefined,
          },
        ]),
    ...(lax.some(mayBeTrue)
      ? [
          {
            what: "it lets requests through where whom it asks about them does not answer",
            remedy: "Set failOpen of the provider in extensionProviders to false.",
            assumption: lax.some((flag) => flag.kind === "known" && flag.value)
              ? undefined
              : "`failOpen` of its provider is not known",
          },
        ]
      : []),
  ];
}

/** What shows that a provider is another than the decision point of a platform. */
function doubtsOf(stack: ClusterStack, name: string): readonly Laxity[] {
  return shownProviders(stack).flatMap((provider): readonly Laxity[] => {
    const own = textOf(memberReading(provider, "name"));
    const service = textOf(memberReading(part(provider, "envoyExtAuthzGrpc"), "service"));
    const isMeant = own.kind !== "known" || own.value === name;
    const [, host] = service.kind === "known" ? (/^(?:[^/]*\/)?(.*)$/s.exec(service.value) ?? []) : [];
    return !isMeant || host?.split(".")[0] === decisionPointId
      ? []
      : [
          {
            what: `its provider ${name} is ${host ?? "nobody whom the judge knows"}, and not the decision point`,
            remedy: `Let envoyExtAuthzGrpc.service of the provider be the service ${decisionPointId}.`,
            assumption: service.kind === "unknown" ? "`service` of its provider is not known" : undefined,
          },
        ];
  });
}

/** The peers whose pods a policy selects; `undefined` where it is about all in its place. */
function peersOf(spec: Part): readonly string[] | undefined {
  const selector = part(spec, "selector");
  const isTargeted = ["targetRef", "targetRefs"].some((key) => memberReading(spec, key).kind !== "absent");
  const labels = part(selector, "matchLabels");
  const keys = labels.kind === "known" ? Object.keys(labels.value) : [];
  if (selector.kind === "absent" && !isTargeted) {
    return undefined;
  }
  const workload = textOf(memberReading(labels, peerTags.workload));
  // By more than one label, some of a workload's pods may not be meant.
  return workload.kind === "known" && keys.length === 1 && !isTargeted ? [`workload/${workload.value}`] : [];
}

function gateOf(stack: ClusterStack, node: Node): RequestGate {
  const spec = specOf(stack, node);
  const place = clusterPlace(stack, node);
  const namespace = namespaceOf(stack, node);
  const isOfMesh = namespace.kind === "known" && namespace.value === rootNamespace;
  const [gap, ...more] = gapsOf(stack, spec);
  const name = textOf(memberReading(part(spec, "provider"), "name"));
  const provider = name.kind === "known" ? name.value : "that is not known";
  const decision: RequestDecision =
    gap !== undefined
      ? unasked(gap, ...more)
      : {
          kind: "asked",
          deciders: [
            {
              label: `provider ${provider}`,
              servers: undefined,
              source: "nobody",
              doubts: doubtsOf(stack, provider),
            },
          ],
        };
  return {
    urn: node.urn,
    label: labelOf(node),
    zone: isOfMesh ? undefined : place.zone,
    platform: platformOf(stack, node),
    peers: peersOf(spec),
    isOfMesh,
    decision,
  };
}

/** What says who may call whom in a mesh of Istio's. */
export function istioPolicies(stack: ClusterStack): readonly MeshPart[] {
  return stack.graph.ofType(...typesOf("security", "authorizationpolicy")).map((node) => ({
    urn: node.urn,
    label: labelOf(node),
    platform: platformOf(stack, node),
  }));
}

/** What makes something else of sidecars than Istio does: it may take away that they ask, or answer before they do. */
function changesOf(stack: ClusterStack): readonly RequestGate[] {
  if (stack.platforms.size === 0) {
    return [];
  }
  const types = [...typesOf("networking", "envoyfilter"), ...typesOf("extensions", "wasmplugin")];
  return stack.graph.ofType(...types).map((node) => ({
    urn: node.urn,
    label: labelOf(node),
    zone: clusterPlace(stack, node).zone,
    platform: platformOf(stack, node),
    peers: undefined,
    isOfMesh: false,
    decision: unasked({
      what: "it changes what sidecars do with requests, and the judge does not know whether they still ask about each",
      remedy: "Take it away, or keep it from what the platform runs in.",
      assumption: "what it makes of sidecars",
    }),
  }));
}

/**
 * Whom sidecars of Istio ask about requests before those go on (Istio, `AuthorizationPolicy` with action CUSTOM), and what
 * makes something else of sidecars on a platform of ours (`EnvoyFilter`, `WasmPlugin`).
 */
export function istioGates(stack: ClusterStack): readonly RequestGate[] {
  const gates = stack.graph.ofType(...typesOf("security", "authorizationpolicy")).flatMap((node) => {
    const action = textOf(memberReading(specOf(stack, node), "action"));
    return action.kind === "known" && action.value === "CUSTOM" ? [gateOf(stack, node)] : [];
  });
  return [...gates, ...changesOf(stack)];
}
