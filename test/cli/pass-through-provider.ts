import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { alwaysPresentOutputs } from "../../preview/always-present-outputs";
import { unknownValue } from "../../preview/property-values";

type Handler<Request, Response> = (request: Request) => Response;

function unary<Request, Response>(
  handle: Handler<Request, Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    callback(null, handle(call.request));
  };
}

/** The version of each provider that a program asks for: its SDK's. */
const versions = { aws: "7.48.0", "azure-native": "3.28.0", gcp: "9.37.0", tls: "5.6.1" } as const;

/** A package whose provider can be stood in for. */
export type ProviderPackage = keyof typeof versions;

/** A provider that takes every input as it is, and in a preview knows no output that was not set. */
class PassThroughProvider {
  readonly #server = new grpc.Server({ "grpc.max_receive_message_length": 400 * 1024 * 1024 });

  /**
   * @param program the folder from which the SDK, whose declarations say what is always present, is resolved.
   * @param provider the package whose provider it stands for.
   */
  constructor(program: string, provider: ProviderPackage) {
    this.#server.addService(ResourceProviderService, {
      getPluginInfo: unary(() => {
        const info = new plugin.PluginInfo();
        info.setVersion(versions[provider]);
        return info;
      }),
      attach: unary(() => new Empty()),
      cancel: unary(() => new Empty()),
      checkConfig: unary((request: proto.CheckRequest) => {
        const response = new proto.CheckResponse();
        response.setInputs(request.getNews());
        return response;
      }),
      diffConfig: unary(() => new proto.DiffResponse()),
      configure: unary(() => {
        const response = new proto.ConfigureResponse();
        response.setSupportspreview(true);
        response.setAcceptsecrets(true);
        return response;
      }),
      check: unary((request: proto.CheckRequest) => {
        const response = new proto.CheckResponse();
        response.setInputs(request.getNews());
        return response;
      }),
      create: unary((request: proto.CreateRequest) => {
        const inputs = request.getProperties()?.toJavaScript() ?? {};
        const type = request.getUrn().split("::")[2]?.split("$").at(-1) ?? "";
        const unset = alwaysPresentOutputs(type, program).filter((key) => !(key in inputs));
        const response = new proto.CreateResponse();
        response.setId("");
        response.setProperties(
          Struct.fromJavaScript({
            ...Object.fromEntries(unset.map((key) => [key, unknownValue])),
            ...inputs,
          }),
        );
        return response;
      }),
    });
  }

  /** Begins to serve, and gives the port. */
  async listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
        if (error === null) {
          resolve(port);
        } else {
          reject(error);
        }
      });
    });
  }

  close(): void {
    this.#server.forceShutdown();
  }
}

/** Stands in for every provider of a program, so that none reaches a cloud. */
export class PassThroughProviders {
  readonly #providers: ReadonlyMap<ProviderPackage, PassThroughProvider>;

  /**
   * @param program the folder from which the SDKs are resolved.
   * @param packages the packages whose providers they stand for.
   */
  constructor(program: string, packages: readonly ProviderPackage[]) {
    this.#providers = new Map(packages.map((name) => [name, new PassThroughProvider(program, name)]));
  }

  /** Begins to serve, and gives what the CLI finds the providers by: the value of PULUMI_DEBUG_PROVIDERS. */
  async listen(): Promise<string> {
    const served = await Promise.all(
      [...this.#providers].map(async ([name, provider]) => `${name}:${String(await provider.listen())}`),
    );
    return served.join(",");
  }

  close(): void {
    for (const provider of this.#providers.values()) {
      provider.close();
    }
  }
}
