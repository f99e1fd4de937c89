import type { ServiceDefinition } from "@grpc/grpc-js";
import { fromJSON } from "@grpc/proto-loader";

const text = "string";
const texts = { keyType: "string", type: "string" };

/**
 * What of `envoy.service.auth.v3.Authorization` is read and written (Envoy, `api/envoy/service/auth/v3` and
 * `api/envoy/config/core/v3`), with the published numbers of its fields. A reader of protocol buffers passes over the rest.
 */
const messages: Parameters<typeof fromJSON>[0] = {
  nested: {
    envoy: {
      nested: {
        config: {
          nested: {
            core: {
              nested: {
                v3: {
                  nested: {
                    HeaderValue: { fields: { key: { type: text, id: 1 }, value: { type: text, id: 2 } } },
                    HeaderValueOption: {
                      fields: {
                        header: { type: "HeaderValue", id: 1 },
                        append_action: { type: "HeaderAppendAction", id: 3 },
                      },
                      nested: {
                        HeaderAppendAction: {
                          values: {
                            APPEND_IF_EXISTS_OR_ADD: 0,
                            ADD_IF_ABSENT: 1,
                            OVERWRITE_IF_EXISTS_OR_ADD: 2,
                            OVERWRITE_IF_EXISTS: 3,
                          },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
        type: { nested: { v3: { nested: { HttpStatus: { fields: { code: { type: "int32", id: 1 } } } } } } },
        service: {
          nested: {
            auth: {
              nested: {
                v3: {
                  nested: {
                    AttributeContext: {
                      fields: {
                        source: { type: "Peer", id: 1 },
                        request: { type: "Request", id: 4 },
                      },
                      nested: {
                        Peer: { fields: { principal: { type: text, id: 4 } } },
                        Request: { fields: { http: { type: "HttpRequest", id: 2 } } },
                        HttpRequest: {
                          fields: { headers: { ...texts, id: 3 }, path: { type: text, id: 4 } },
                        },
                      },
                    },
                    CheckRequest: { fields: { attributes: { type: "AttributeContext", id: 1 } } },
                    DeniedHttpResponse: {
                      fields: {
                        status: { type: "envoy.type.v3.HttpStatus", id: 1 },
                        headers: { rule: "repeated", type: "envoy.config.core.v3.HeaderValueOption", id: 2 },
                        body: { type: text, id: 3 },
                      },
                    },
                    OkHttpResponse: {
                      fields: {
                        headers: { rule: "repeated", type: "envoy.config.core.v3.HeaderValueOption", id: 2 },
                      },
                    },
                    CheckResponse: {
                      oneofs: { http_response: { oneof: ["denied_response", "ok_response"] } },
                      fields: {
                        status: { type: "google.rpc.Status", id: 1 },
                        denied_response: { type: "DeniedHttpResponse", id: 2 },
                        ok_response: { type: "OkHttpResponse", id: 3 },
                      },
                    },
                    Authorization: {
                      methods: {
                        Check: { requestType: "CheckRequest", responseType: "CheckResponse", comment: "" },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
    google: {
      nested: {
        rpc: {
          nested: { Status: { fields: { code: { type: "int32", id: 1 }, message: { type: text, id: 2 } } } },
        },
      },
    },
  },
};

/** A request that is held back, as the enforcement point describes it. What it leaves out is `null`, or empty. */
export interface CheckRequest {
  readonly attributes: {
    /** The SPIFFE ID of who sends the request, by its certificate. */
    readonly source: { readonly principal: string } | null;
    readonly request: {
      readonly http: {
        /** By their names in small letters; those that came more than once with commas between. */
        readonly headers: Readonly<Record<string, string>>;
        /** With its query. */
        readonly path: string;
      } | null;
    } | null;
  } | null;
}

/** A header that is set, in the place of whatever there is. */
export interface SetHeader {
  readonly header: { readonly key: string; readonly value: string };
  readonly append_action: "OVERWRITE_IF_EXISTS_OR_ADD";
}

/** What becomes of the request. */
export type CheckResponse = {
  /** A status of gRPC; every other than 0 denies the request. */
  readonly status: { readonly code: number };
} & (
  | {
      readonly denied_response: {
        readonly status: { readonly code: number };
        readonly headers: readonly SetHeader[];
        readonly body: string;
      };
    }
  | {
      readonly ok_response: { readonly headers: readonly SetHeader[] };
    }
);

function authorizationService(): ServiceDefinition {
  const loaded = fromJSON(messages, { keepCase: true, defaults: true, enums: String, longs: Number });
  const service = loaded["envoy.service.auth.v3.Authorization"];
  if (service === undefined || "format" in service) {
    throw new Error("the protocol has no such service");
  }
  return service;
}

/** The service that an enforcement point asks before each request (Envoy, "External Authorization"). */
export const authorization: ServiceDefinition = authorizationService();
