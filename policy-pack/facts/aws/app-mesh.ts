import { flagOf, itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";

import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { labelOf, type AwsStack } from "./aws-stack";
import { placeIn, zoneWithin } from "../place";

const meshTypes = ["aws:appmesh:mesh"] as const;
const proxyTypes = ["aws:appmesh:virtualnode", "aws:appmesh:virtualgateway"] as const;

type Mapping = Reading<Readonly<Record<string, unknown>>>;

function within(mapping: Mapping, ...keys: readonly string[]): Mapping {
  return keys.reduce<Mapping>((read, key) => recordOf(memberReading(read, key)), mapping);
}

/** What proxies of App Mesh are told to accept. The service has ended (AWS App Mesh user guide, "AWS App Mesh"). */
export function appMeshHops(stack: AwsStack): HopFacts {
  const { graph, zones } = stack;
  return allHops(
    ...graph.ofType(...meshTypes, ...proxyTypes).map((node): HopFacts => {
      const meshes = graph.referents(node, "meshName", meshTypes);
      const place = placeIn(
        zoneWithin(
          zones.of(node.urn),
          meshes.map((mesh) => (mesh.kind === "resource" ? zones.of(mesh.node.urn) : undefined)),
        ),
        meshes.some(({ kind }) => kind === "undetermined")
          ? `which mesh ${labelOf(node)} is of, and so in which zone it is, is not known`
          : undefined,
      );
      if (place === undefined) {
        return allHops();
      }
      const acceptor = new Acceptor(stack, node, place);
      acceptor.fault({
        what: "App Mesh is no longer run, and so proves nothing",
        remedy: "Take it away; let proxies beside the workloads verify certificates.",
        refusedOn: "our platform",
      });
      const spec = recordOf(graph.read(node, "spec"));
      for (const listener of itemsOf(memberReading(spec, "listeners"))) {
        const tls = within(recordOf(listener), "tls");
        const isStrict = acceptor.requires({
          key: "spec.listeners.tls.mode",
          read: textOf(memberReading(tls, "mode")),
          isRight: (value) => value === "STRICT",
          absentIs: "wrong",
          what: "it takes connections without TLS",
          remedy: 'Set tls.mode of each listener to "STRICT".',
        });
        const isVerifying = acceptor.requires({
          key: "spec.listeners.tls.validation",
          read: within(tls, "validation", "trust"),
          isRight: () => true,
          absentIs: "wrong",
          what: "it asks no client for a certificate",
          remedy: "Set tls.validation.trust of each listener.",
        });
        acceptor.hop(`clients and ${acceptor.label}`, isStrict && isVerifying ? "mtls" : undefined);
      }
      const policies = [
        within(spec, "backendDefaults", "clientPolicy", "tls"),
        ...itemsOf(memberReading(spec, "backends")).map((backend) =>
          within(recordOf(backend), "virtualService", "clientPolicy", "tls"),
        ),
      ];
      for (const policy of policies) {
        acceptor.requires({
          key: "clientPolicy.tls.enforce",
          read: flagOf(memberReading(policy, "enforce")),
          isRight: (value) => value,
          absentIs: "right",
          what: "it calls others without TLS where they offer none",
          remedy: "Set enforce of each client policy to true.",
        });
      }
      return acceptor.facts();
    }),
  );
}
