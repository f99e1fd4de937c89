import type * as network from "@pulumi/azure-native/network";

import type { EdgeClient } from "../../model/edge";

/**
 * Headers by which the entrance of programs tells `ai-gateway` who the client is, and what the gateway knows of that
 * (Azure documentation, "Rewrite HTTP headers and URL with Application Gateway", mutual authentication server variables).
 */
export const identityHeaders = {
  "X-Client-Certificate": "client_certificate",
  "X-Client-Certificate-Fingerprint": "client_certificate_fingerprint",
  "X-Client-Certificate-Issuer": "client_certificate_issuer",
  "X-Client-Certificate-Serial-Number": "client_certificate_serial",
  "X-Client-Certificate-Subject": "client_certificate_subject",
  "X-Client-Certificate-Verification": "client_certificate_verification",
} as const;

/**
 * Whence a request comes: what the client wrote there, and after it the address that the gateway sees. Left alone, the
 * gateway would write the client's port to it, and what reads addresses there would find none.
 */
const forwardedFor = {
  headerName: "X-Forwarded-For",
  headerValue: "{var_add_x_forwarded_for_proxy}",
} as const;

/** The value with which a rewrite takes a header away. */
const taken = "";

/** What a gateway writes into requests and answers. */
type Rewriting = NonNullable<network.ApplicationGatewayArgs["rewriteRuleSets"]>;

/**
 * What the gateway of an entrance writes into each request, whatever the client wrote there: who the client is, where it
 * has verified that, and elsewhere nothing; and whence it comes. Answers to browsers say that the platform is called by TLS only.
 */
export function clientHeaders(client: EdgeClient): Rewriting {
  return [
    {
      name: "client-headers",
      rewriteRules: [
        {
          name: "client-identity",
          ruleSequence: 1,
          actionSet: {
            requestHeaderConfigurations: [
              ...Object.entries(identityHeaders).map(([headerName, variable]) => ({
                headerName,
                headerValue: client === "machine" ? `{var_${variable}}` : taken,
              })),
              forwardedFor,
            ],
            responseHeaderConfigurations:
              client === "clinician"
                ? [
                    {
                      headerName: "Strict-Transport-Security",
                      headerValue: "max-age=31536000; includeSubDomains",
                    },
                    { headerName: "Server", headerValue: taken },
                  ]
                : [],
          },
        },
      ],
    },
  ];
}
