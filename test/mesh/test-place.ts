import { certificateFolder } from "../../components/mesh/certificate-files";
import { platformPort } from "../../model/workload";

/** Where a pod is on the machine of a test, which is one machine for all. */
export interface TestPlace {
  /** The pod's address on the loopback network, in the place of its own and of its loopback. */
  readonly address: string;
  /** Its folder of certificates. */
  readonly certificates: string;
  /** The addresses of its peers by their discovery names, in the place of what the platform's DNS says. */
  readonly peers: ReadonlyMap<string, string>;
}

/** The platform's port on the machine of a test, where not everybody may listen below 1024. */
export const testPort = 10_443;

/** How long a proxy waits for a decision on the machine of a test, which may have little time for it. */
const decisionTimeout = "5s";

/**
 * What of a configuration is changed for a test, as the path of a value: an address, a port, the path of a file, or how long
 * a decision is waited for.
 */
export const placedPaths =
  /\.socket_address\.(?:address|port_value)$|\.path_config_source\.(?:path|watched_directory\.path)$|\.grpc_service\.timeout$/;

function placedAddress(address: string, place: TestPlace): string {
  if (address === "0.0.0.0" || address === "127.0.0.1") {
    return place.address;
  }
  const peer = place.peers.get(address);
  if (peer === undefined) {
    throw new Error(`the proxy calls ${address}, which is nobody's name here`);
  }
  return peer;
}

function placedValue(path: string, value: unknown, place: TestPlace): unknown {
  if (!placedPaths.test(path)) {
    return value;
  }
  if (path.endsWith(".timeout")) {
    return decisionTimeout;
  }
  if (value === platformPort) {
    return testPort;
  }
  if (typeof value === "string") {
    return path.endsWith(".socket_address.address")
      ? placedAddress(value, place)
      : value.replace(certificateFolder, place.certificates);
  }
  return value;
}

/**
 * A proxy's configuration, moved to the machine of a test. This is the only place where a configuration is changed before
 * it is run.
 */
export function placed(configuration: unknown, place: TestPlace, path = ""): unknown {
  if (Array.isArray(configuration)) {
    return configuration.map((value, index) => placed(value, place, `${path}[${String(index)}]`));
  }
  if (typeof configuration === "object" && configuration !== null) {
    return Object.fromEntries(
      Object.entries(configuration).map(([key, value]) => [key, placed(value, place, `${path}.${key}`)]),
    );
  }
  return placedValue(path, configuration, place);
}

/** The values of a configuration by their paths. */
export function valuesOf(configuration: unknown, path = ""): readonly (readonly [string, unknown])[] {
  if (typeof configuration === "object" && configuration !== null) {
    return Object.entries(configuration).flatMap(([key, value]) =>
      valuesOf(value, Array.isArray(configuration) ? `${path}[${key}]` : `${path}.${key}`),
    );
  }
  return [[path, configuration]];
}
