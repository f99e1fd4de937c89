import { changed } from "../put";

import { identityOf, type Part } from "./shown-envoys";

/** One thing that is wrong with a configuration that was right. */
export interface EnvoyMutant {
  readonly name: string;
  readonly change: (configuration: Part) => Part;
  /** What the judge says of it. */
  readonly what: RegExp;
  /** Where it is refused; elsewhere it is advised of, or nothing is said. */
  readonly refused: "any stack" | "our platform";
  /** Whether it takes a platform's flows to see it, or what is not known. */
  readonly isGuiltyAlone: boolean;
}

export type Value = unknown;

/** The configuration with a value at a path; `undefined` takes away what is there. */
export function having(configuration: Part, path: string, value: Value): Part {
  return changed(configuration, path.split("/"), () => value) as Part;
}

export function altered(configuration: Part, path: string, change: (value: Value) => Value): Part {
  return changed(configuration, path.split("/"), change) as Part;
}

export const extension = "type.googleapis.com/envoy.extensions";
export const resources = "static_resources";
export const listener = `${resources}/listeners/mesh`;
export const chain = `${listener}/filter_chains/0`;
export const tls = `${chain}/transport_socket/typed_config`;
export const common = `${tls}/common_tls_context`;
export const validation = `${common}/combined_validation_context/default_validation_context`;
export const manager = `${chain}/filters/envoy.filters.network.http_connection_manager/typed_config`;
export const rbac = `${manager}/http_filters/envoy.filters.http.rbac`;
export const rules = `${rbac}/typed_config/rules`;
export const principals = `${rules}/policies/declared-flows/principals`;
export const route = `${manager}/route_config/virtual_hosts/program/routes/0`;
export const cluster = `${resources}/clusters/fhir-proxy`;
export const upstream = `${cluster}/transport_socket/typed_config`;

export const set =
  (path: string, value: Value): EnvoyMutant["change"] =>
  (configuration) =>
    having(configuration, path, value);

export const appended =
  (path: string, ...items: readonly Value[]): EnvoyMutant["change"] =>
  (configuration) =>
    altered(configuration, path, (list) => [...((list ?? []) as readonly Value[]), ...items]);

export const within =
  (path: string, change: (value: Part) => Value): EnvoyMutant["change"] =>
  (configuration) =>
    altered(configuration, path, (value) => change((value ?? {}) as Part));

export const bearing = (matcher: Part): Part => ({ authenticated: { principal_name: matcher } });

export const own = (id: string): Part => bearing({ exact: identityOf(id) });

export const noRules = {
  name: "x",
  typed_config: { "@type": `${extension}.filters.http.rbac.v3.RBACPerRoute` },
};

export const raw = {
  name: "envoy.transport_sockets.raw_buffer",
  typed_config: { "@type": `${extension}.transport_sockets.raw_buffer.v3.RawBuffer` },
};

export const open = (
  name: string,
  change: EnvoyMutant["change"],
  what: RegExp,
  isGuiltyAlone = true,
): EnvoyMutant => ({ name, change, what, refused: "any stack", isGuiltyAlone });

export const ours = (name: string, change: EnvoyMutant["change"], what: RegExp): EnvoyMutant => ({
  name,
  change,
  what,
  refused: "our platform",
  isGuiltyAlone: false,
});

export const plainText = /takes connections without TLS/;
export const noCertificate = /asks no client for a certificate/;
export const old = /takes versions of TLS older than 1\.3/;
export const untrusted = /that no authority of its own has signed/;
export const whoever = /lets in whoever has a certificate/;

/** Changes a list at a path of a configuration. */
export function relisted(path: string, change: (list: readonly Value[]) => Value): EnvoyMutant["change"] {
  return (configuration) => altered(configuration, path, (list) => change((list ?? []) as readonly Value[]));
}
