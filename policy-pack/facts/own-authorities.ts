import { itemsOf, reading, textOf, type Reading } from "../reading";
import type { ResourceType } from "../resource-type";
import type { Node, StackGraph } from "../stack-graph";

import { platformOf, type PlatformStack } from "./platform-of";

/** Resources that are root authorities, and the outputs that hold their certificates. */
const rootTypes: ReadonlyMap<ResourceType, string> = new Map([
  ["gcp:certificateauthority:authority", "pemCaCertificates"],
  ["tls:index:selfsignedcert", "certPem"],
]);

/** Whether a platform runs its workloads itself, and so issues their certificates; also where it does not say otherwise. */
function runsWorkloads({ graph, platforms }: PlatformStack, platform: string): boolean {
  return [...platforms].some(([urn, name]) => {
    const mesh = textOf(reading(graph.node(urn)?.outputs["mesh"]));
    return name === platform && (mesh.kind !== "known" || mesh.value !== "istio");
  });
}

/** Whether a resource belongs to a platform that knows its workloads by authorities of its own, and by no others. */
export function knowsItsOwn(stack: PlatformStack, node: Node): boolean {
  const platform = platformOf(stack, node);
  return platform !== undefined && runsWorkloads(stack, platform);
}

function certificatesOf(graph: StackGraph): ReadonlySet<string> {
  const texts = [...rootTypes].flatMap(([type, output]) =>
    graph.ofType(type).flatMap(({ outputs }) => {
      const read = reading(outputs[output]);
      return [textOf(read), ...itemsOf(read).map(textOf)];
    }),
  );
  return new Set(texts.flatMap((text) => (text.kind === "known" ? [text.value.trim()] : [])));
}

/**
 * Whether a certificate in a property of a resource is that of an authority of the stack: `unknown` where it is not known
 * yet, and something else than authorities is in the property as well.
 *
 * @param key the property that holds it.
 */
export function isOwnAuthority(
  graph: StackGraph,
  node: Node,
  key: string,
  certificate: Reading<string>,
): Reading<boolean> {
  switch (certificate.kind) {
    case "absent":
      return certificate;
    case "known":
      return { kind: "known", value: certificatesOf(graph).has(certificate.value.trim()) };
    case "unknown": {
      const origins = node.propertyDependencies[key] ?? [];
      const areAuthorities =
        origins.length > 0 && origins.every((urn) => rootTypes.has(graph.node(urn)?.resourceType ?? ""));
      return areAuthorities ? { kind: "known", value: true } : certificate;
    }
  }
}
