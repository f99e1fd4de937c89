import { egressGuardId } from "../../model/egress-guard";
import { inspectionDocument } from "../../model/inspection-document";
import { accessDocument } from "../../model/access-document";
import { decisionPointId, toolGatewayId } from "../../model/access-policy";
import type { CloudKind } from "../../model/cloud-target";
import type { Image } from "../../model/image";
import type { EnvoyMesh } from "../../model/mesh";
import type { PlatformSpec } from "../../model/platform-spec";
import { guardrailVariables, upstreamVariable } from "../../model/program-environment";
import type { Workload } from "../../model/workload";

import { certificateFolder } from "./certificate-files";
import type { EdgeClients } from "./edge-clients";
import { envoyConfiguration } from "./envoy-configuration";
import { programPort, upstreamsOf } from "./ports";

/** How it is found out whether a container does its work: a command in it that fails where it does not. */
export interface HealthCheck {
  readonly command: readonly string[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly retries: number;
  /** How long failures do not count after it was started. */
  readonly startSeconds: number;
}

/** One container of a pod. Its file system is read-only, it has no capability and no way to get one. */
export interface PodContainer {
  readonly name: string;
  readonly image: Image;
  /** What is run, in the place of what the image says; the image's own where there is none. */
  readonly command: readonly string[] | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** The number of the user that it runs as, never 0; the image's own where there is none. */
  readonly user: number | undefined;
  /** What it may do with the folder of certificates, which lives in memory where the cloud has that. */
  readonly certificates: "writes" | "reads" | "none";
  /** Files in it, which it reads. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
  /** Ports of the pod, which others reach. */
  readonly ports: readonly number[];
  readonly health: HealthCheck | undefined;
  /** The containers that must be healthy before it is started. */
  readonly startsAfter: readonly string[];
}

/** The containers that run one replica of a workload; they have one network, and reach each other on its loopback. */
export interface Pod {
  readonly workload: Workload;
  /** The agent, the proxy and the program, in the order in which they are started. */
  readonly containers: readonly [agent: PodContainer, proxy: PodContainer, program: PodContainer];
}

/** What a pod is told of where it runs. */
export interface PodPlace {
  readonly cloud: CloudKind;
  /** The id of the workload's credential with the cloud's secret store, as the agent asks for it. */
  readonly credentialId: string;
  /**
   * How containers are told what is longer than a setting: in a file, or where the cloud puts no file into a container, the
   * proxy in its command and programs in their environment.
   */
  readonly configuration: "argument" | "file";
  /** Who calls the workloads behind the load balancer. */
  readonly edge: EdgeClients;
  /** There where a platform has an egress guard. */
  readonly egress?: EgressPlace | undefined;
  /** The guardrails that the workload has to name when it calls the cloud's own models; there where it has such and does. */
  readonly guardrails?: NamedGuardrails | undefined;
}

/** Guardrails of the cloud's that take part in a call only if the caller names them, by the id of the native provider. */
export type NamedGuardrails = Readonly<
  Record<string, { readonly identifier: string; readonly version: string }>
>;

/** What the pod of an egress guard is told of where it runs. */
export interface EgressPlace {
  /** The id of the secret with the providers' keys, as the guard asks the cloud's secret store for it. */
  readonly keysId: string;
  /** The id of the secret with the authority of the firewall that looks into the guard's connections: a certificate in PEM. */
  readonly authorityId: string;
  /** The address of the proxy through which providers are called, such as `https://10.40.192.5:443`; where there is none, routes lead to the firewall. */
  readonly proxy: string | undefined;
}

export const agentName = "certificate-agent";
export const proxyName = "envoy";

/** Where the proxy finds its configuration, if it is in a file. */
export const configurationFile = "/etc/envoy/envoy.json";

/** Where a program that decides, or asks for tools to be decided on, finds the access policy, if it is in a file. */
export const accessFile = "/etc/bulkhead/access.json";

/** Where an egress guard finds which providers it may call and what happens to PHI, if it is in a file. */
export const inspectionFile = "/etc/bulkhead/inspection.json";

/** Users that no image of ours has for anything else; the one between is that of what sends on what is recorded. */
const users = { agent: 10001, proxy: 10002, decisionPoint: 10004 } as const;

/** What a program is given besides of what all have. */
type ProgramAdditions = Pick<PodContainer, "environment" | "files" | "user" | "certificates">;

/** What an egress guard is told besides: whom it may call with whose keys, and what happens to PHI. */
function guardAdditions(
  spec: PlatformSpec,
  { cloud, configuration, egress }: PodPlace,
): Pick<ProgramAdditions, "environment" | "files"> {
  if (egress === undefined) {
    throw new Error(`nothing says where the egress guard runs on ${cloud}`);
  }
  const content = JSON.stringify(inspectionDocument(spec));
  const environment = {
    BULKHEAD_CLOUD: cloud,
    BULKHEAD_PROVIDER_KEYS: egress.keysId,
    BULKHEAD_FIREWALL_AUTHORITY: egress.authorityId,
    ...(egress.proxy === undefined ? {} : { BULKHEAD_EGRESS_PROXY: egress.proxy }),
  };
  return configuration === "file"
    ? {
        environment: { ...environment, BULKHEAD_INSPECTION_FILE: inspectionFile },
        files: [{ path: inspectionFile, content }],
      }
    : { environment: { ...environment, BULKHEAD_INSPECTION: content }, files: [] };
}

/**
 * What the programs of the platform's own are given besides: both are told the access policy, and the decision point signs
 * what it grants with the workload's own key.
 */
function additions(spec: PlatformSpec, { id }: Workload, place: PodPlace): ProgramAdditions {
  const { configuration } = place;
  const none = { environment: {}, files: [], user: undefined, certificates: "none" } as const;
  if (id === egressGuardId) {
    return { ...none, ...guardAdditions(spec, place) };
  }
  if (id !== decisionPointId && id !== toolGatewayId) {
    return none;
  }
  const content = JSON.stringify(accessDocument(spec));
  const told =
    configuration === "file"
      ? { environment: { BULKHEAD_ACCESS_FILE: accessFile }, files: [{ path: accessFile, content }] }
      : { environment: { BULKHEAD_ACCESS: content }, files: [] };
  return id === toolGatewayId
    ? { ...none, ...told }
    : {
        ...told,
        environment: { ...told.environment, BULKHEAD_CERTIFICATE_FOLDER: certificateFolder },
        user: users.decisionPoint,
        certificates: "reads",
      };
}

/** What a program is told of the guardrails that it has to name. */
function guardrailEnvironment(guardrails: NamedGuardrails): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(guardrails).flatMap(([provider, { identifier, version }]) => {
      const variables = guardrailVariables(provider);
      return [
        [variables.identifier, identifier],
        [variables.version, version],
      ];
    }),
  );
}

/**
 * The pod of a workload: the same containers, with the same settings, on every cloud.
 *
 * The program listens on the loopback, port 8080, and calls a peer at the address in `BULKHEAD_UPSTREAM_<PEER>`. One that
 * asks the cloud's own models is told of the guardrails that it has to name. What
 * comes in and what goes to another workload passes the proxy. The decision point and the gateway of tools are told the
 * access policy, and the decision point reads the pod's certificates, with whose key it signs.
 */
export function podOf(spec: PlatformSpec, mesh: EnvoyMesh, workload: Workload, place: PodPlace): Pod {
  const { spiffeId } = workload;
  const agent: PodContainer = {
    name: agentName,
    image: mesh.agentImage,
    command: undefined,
    environment: {
      BULKHEAD_CERTIFICATE_FOLDER: certificateFolder,
      BULKHEAD_CLOUD: place.cloud,
      BULKHEAD_CREDENTIAL: place.credentialId,
      BULKHEAD_RENEW_BEFORE_HOURS: String(spec.certificates.renewBeforeHours),
      BULKHEAD_SPIFFE_ID: spiffeId,
    },
    user: users.agent,
    certificates: "writes",
    files: [],
    ports: [],
    health: {
      command: ["node", "certificate-agent.js", "check"],
      intervalSeconds: 15,
      timeoutSeconds: 5,
      retries: 3,
      startSeconds: 60,
    },
    startsAfter: [],
  };
  const configuration = JSON.stringify(envoyConfiguration(spec, workload, place.edge));
  const proxy: PodContainer = {
    name: proxyName,
    image: mesh.proxyImage,
    command: [
      "envoy",
      ...(place.configuration === "file"
        ? ["--config-path", configurationFile]
        : ["--config-yaml", configuration]),
      "--log-level",
      "warning",
      // No second proxy takes over from this one, so it needs no socket by which to speak with it.
      "--disable-hot-restart",
      "--concurrency",
      "2",
      // What it writes of connections and requests is kept back a second at most.
      "--file-flush-interval-msec",
      "1000",
    ],
    environment: {},
    user: users.proxy,
    certificates: "reads",
    files: place.configuration === "file" ? [{ path: configurationFile, content: configuration }] : [],
    ports: [workload.port],
    health: {
      command: ["bash", "-c", `exec 3<>/dev/tcp/127.0.0.1/${String(workload.port)}`],
      intervalSeconds: 15,
      timeoutSeconds: 5,
      retries: 3,
      startSeconds: 30,
    },
    startsAfter: [agent.name],
  };
  const { environment, ...added } = additions(spec, workload, place);
  const program: PodContainer = {
    name: workload.id,
    image: workload.image,
    command: undefined,
    environment: {
      HOST: "127.0.0.1",
      PORT: String(programPort),
      BULKHEAD_SPIFFE_ID: spiffeId,
      ...Object.fromEntries(
        upstreamsOf(spec, workload).map(({ workload: { id }, port }) => [
          upstreamVariable(id),
          `http://127.0.0.1:${String(port)}`,
        ]),
      ),
      ...guardrailEnvironment(place.guardrails ?? {}),
      ...environment,
    },
    ...added,
    ports: [],
    health: undefined,
    startsAfter: [proxy.name],
  };
  return { workload, containers: [agent, proxy, program] };
}
