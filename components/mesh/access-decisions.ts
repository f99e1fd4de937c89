import { decisionPointId, type AccessPolicy } from "../../model/access-policy";
import { isBehindLoadBalancer } from "../../model/certificate-request";
import type { PlatformSpec } from "../../model/platform-spec";
import {
  accessTokenHeaders,
  contextHeader,
  requestIdHeader,
  sourceAddressHeader,
} from "../../model/request-headers";
import type { Workload } from "../../model/workload";

import { typed, type EnvoyPart } from "./envoy-part";
import { upstreamsOf } from "./ports";

/** How long an enforcement point waits for a decision, in milliseconds; after that it is a denial. */
export const decisionMilliseconds = 250;

/** Whether a workload's proxy asks for a decision before each request: what any of the access policy's routes names. */
export function asksForDecisions({ routes }: Pick<AccessPolicy, "routes">, { id }: Workload): boolean {
  return routes.some(({ at }) => at === id);
}

/** What the proxy of an entrance knows of where its client is, in the place of whatever the client says of it. */
const sourceAddress: EnvoyPart = {
  name: "envoy.filters.http.header_mutation",
  typed_config: typed("filters.http.header_mutation.v3.HeaderMutation", {
    mutations: {
      request_mutations: [
        {
          append: {
            header: { key: sourceAddressHeader, value: "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%" },
            append_action: "OVERWRITE_IF_EXISTS_OR_ADD",
          },
        },
      ],
    },
  }),
};

function exactly(header: string): EnvoyPart {
  return { exact: header, ignore_case: true };
}

/** Asks the decision point before a request goes on. Whatever comes but a yes in time is a no. */
function externalAuthorization(headers: readonly string[]): EnvoyPart {
  return {
    name: "envoy.filters.http.ext_authz",
    typed_config: typed("filters.http.ext_authz.v3.ExtAuthz", {
      transport_api_version: "V3",
      grpc_service: {
        envoy_grpc: {
          cluster_name: decisionPointId,
          // A connection that ends as a question is sent on it is no reason to deny: it is asked once more, in the same time.
          retry_policy: { retry_on: "connect-failure,refused-stream,reset-before-request", num_retries: 1 },
        },
        timeout: `${String(decisionMilliseconds / 1000)}s`,
      },
      failure_mode_allow: false,
      status_on_error: { code: "Forbidden" },
      allowed_headers: { patterns: headers.map(exactly) },
      // Of the request it may write what was granted, and nothing else.
      decoder_header_mutation_rules: {
        disallow_all: true,
        allow_expression: { regex: `^${contextHeader}$` },
      },
    }),
  };
}

/**
 * What a proxy asks before it lets a request to its program: the decision point, by Envoy's external authorization (gRPC,
 * `envoy.service.auth.v3.Authorization`), over mutual TLS. The decision point is told the path, the method, the token or the
 * context that the request carries and its number; no body, and no other header. At an entrance it is told besides where
 * the client is.
 *
 * Nothing, where no route of the access policy names the workload.
 *
 * @throws Error if the workload has no flow to the decision point, which is a mistake of the model's.
 */
export function decisionFilters(spec: PlatformSpec, workload: Workload): readonly EnvoyPart[] {
  if (!asksForDecisions(spec.access, workload)) {
    return [];
  }
  if (!upstreamsOf(spec, workload).some(({ workload: { id } }) => id === decisionPointId)) {
    throw new Error(`workload/${workload.id} asks for decisions, and has no way to the decision point`);
  }
  return isBehindLoadBalancer(spec, workload)
    ? [sourceAddress, externalAuthorization([...accessTokenHeaders, sourceAddressHeader, requestIdHeader])]
    : [externalAuthorization([contextHeader, requestIdHeader])];
}
