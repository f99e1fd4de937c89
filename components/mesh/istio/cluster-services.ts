import type { PlatformSpec } from "../../../model/platform-spec";
import { platformPort } from "../../../model/workload";

import { askingPort, isDecisionPoint } from "./access-decisions";
import { labelsOf, podLabels } from "./account";
import type { Manifest } from "./manifest";

/**
 * The port by which a program calls a service: that of HTTP, so that its address needs none. No packet has it: the sidecar
 * of the caller sends to the pods themselves, on the platform's port.
 */
export const callingPort = 80;

/** The service account and the service of each workload. */
export function services({ workloads }: PlatformSpec): readonly Manifest[] {
  return workloads.flatMap((workload): readonly Manifest[] => {
    const metadata = { name: workload.id, namespace: workload.zone, labels: labelsOf(workload) };
    return [
      // The sidecar has a token of its own, for istiod alone; the program needs none for the cluster.
      { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false },
      {
        apiVersion: "v1",
        kind: "Service",
        metadata,
        spec: {
          selector: podLabels(workload),
          ports: [
            {
              name: "http",
              appProtocol: "http",
              protocol: "TCP",
              port: callingPort,
              targetPort: platformPort,
            },
            ...(isDecisionPoint(workload)
              ? [
                  {
                    name: "grpc",
                    appProtocol: "grpc",
                    protocol: "TCP",
                    port: askingPort,
                    targetPort: platformPort,
                  },
                ]
              : []),
          ],
        },
      },
    ];
  });
}
