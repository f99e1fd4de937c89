import * as grpc from "@grpc/grpc-js";
import * as engineProto from "@pulumi/pulumi/proto/engine_pb";
import { EngineService, type IEngineServer } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as resourceProto from "@pulumi/pulumi/proto/resource_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import type { Position } from "../policy-pack/report/report";

import { alwaysPresentOutputs } from "./always-present-outputs";
import { shownProperties, unknownValue, type Properties } from "./property-values";
import { noOptions, type Provider, type RegisteredResource } from "./registered-resource";
import { positionIn } from "./source-position";
import type { ProgramStack } from "./stack-file";

const stackType = "pulumi:pulumi:Stack";

/** The largest message that is taken: the engine's own limit (pulumi sdk, `rpcutil`). */
const messageLimit = 400 * 1024 * 1024;

/** What the language runtime may use of the engine. Transforms and hooks would call back into the program, and are refused. */
const features: ReadonlySet<string> = new Set([
  "secrets",
  "resourceReferences",
  "outputValues",
  "aliasSpecs",
  "deletedWith",
  "replaceWith",
  "replacementTrigger",
]);

/** Something that the program asked for and cannot have, with what to do about it. */
class Refused extends Error {}

/** What the program has said through its log. */
export interface LoggedMessage {
  readonly severity: "debug" | "info" | "warning" | "error";
  readonly text: string;
}

const severities: Readonly<Record<number, LoggedMessage["severity"]>> = {
  [engineProto.LogSeverity.DEBUG]: "debug",
  [engineProto.LogSeverity.INFO]: "info",
  [engineProto.LogSeverity.WARNING]: "warning",
  [engineProto.LogSeverity.ERROR]: "error",
};

/** A handler of one remote procedure; what it throws becomes the answer. */
function unary<Request, Response>(
  handle: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    void Promise.resolve()
      .then(() => handle(call.request))
      .then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback(
            { code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) },
            null,
          );
        },
      );
  };
}

function plain(struct: Struct | undefined): Properties {
  return struct === undefined ? {} : struct.toJavaScript();
}

/** The last part of a URN's chain of types is the resource's own. */
function typesOf(urn: string): string {
  return urn.split("::")[2] ?? "";
}

/**
 * Stands in for Pulumi's engine and for the cloud in a preview of a stack that does not exist yet: it takes what the
 * program registers, and answers with what such a preview would know.
 *
 * A provider's own checks and defaults are not stood in for: checked inputs are the inputs as the program sends them.
 */
export class Engine {
  readonly #program: ProgramStack;
  readonly #onRegistered: (resource: RegisteredResource) => void;
  readonly #resources = new Map<string, RegisteredResource>();
  readonly #providers = new Map<string, Provider>();
  readonly #server = new grpc.Server({ "grpc.max_receive_message_length": messageLimit });
  readonly messages: LoggedMessage[] = [];
  #rootUrn = "";

  /**
   * @param onRegistered is called with each resource when the program registers it. The program does not wait for what
   * is done with it: nothing is created, so nothing has to be kept from being created.
   */
  constructor(program: ProgramStack, onRegistered: (resource: RegisteredResource) => void) {
    this.#program = program;
    this.#onRegistered = onRegistered;
    this.#server.addService(EngineService, this.#engineService());
    this.#server.addService(ResourceMonitorService, this.#monitorService());
  }

  /** Resources in the order in which they were registered. */
  get resources(): readonly RegisteredResource[] {
    return [...this.#resources.values()];
  }

  /** Begins to serve on a free port. */
  async listen(): Promise<string> {
    const port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
        if (error === null) {
          resolve(bound);
        } else {
          reject(error);
        }
      });
    });
    return `127.0.0.1:${String(port)}`;
  }

  close(): void {
    this.#server.forceShutdown();
  }

  #engineService(): IEngineServer {
    return {
      log: unary((request: engineProto.LogRequest) => {
        this.messages.push({
          severity: severities[request.getSeverity()] ?? "info",
          text: request.getMessage(),
        });
        return new Empty();
      }),
      getRootResource: unary(() => {
        const response = new engineProto.GetRootResourceResponse();
        response.setUrn(this.#rootUrn);
        return response;
      }),
      setRootResource: unary((request: engineProto.SetRootResourceRequest) => {
        this.#rootUrn = request.getUrn();
        return new engineProto.SetRootResourceResponse();
      }),
      startDebugging: unary(() => new Empty()),
      requirePulumiVersion: unary(() => new engineProto.RequirePulumiVersionResponse()),
    };
  }

  #monitorService(): grpc.UntypedServiceImplementation {
    const refused = (what: string): grpc.handleUnaryCall<unknown, never> =>
      unary<unknown, never>(() => {
        throw new Refused(`${what} cannot be previewed without a cloud.`);
      });
    return {
      supportsFeature: unary((request: resourceProto.SupportsFeatureRequest) => {
        const response = new resourceProto.SupportsFeatureResponse();
        response.setHassupport(features.has(request.getId()));
        return response;
      }),
      registerResource: unary((request: resourceProto.RegisterResourceRequest) => this.#register(request)),
      registerResourceOutputs: unary((request: resourceProto.RegisterResourceOutputsRequest) => {
        const resource = this.#resources.get(request.getUrn());
        if (resource === undefined) {
          throw new Refused(`${request.getUrn()} registers outputs, and is not registered itself.`);
        }
        this.#resources.set(resource.urn, {
          ...resource,
          outputs: shownProperties(plain(request.getOutputs())),
        });
        return new Empty();
      }),
      readResource: unary((request: resourceProto.ReadResourceRequest) => {
        // What is read is not known without the cloud, and a policy pack is never shown it (pulumi/pulumi#3950).
        const response = new resourceProto.ReadResourceResponse();
        response.setUrn(this.#urn(request.getParent(), request.getType(), request.getName()));
        const outputs = alwaysPresentOutputs(request.getType(), this.#program.directory);
        response.setProperties(
          Struct.fromJavaScript(Object.fromEntries(outputs.map((key) => [key, unknownValue]))),
        );
        return response;
      }),
      invoke: unary((request: resourceProto.ResourceInvokeRequest) => {
        throw new Refused(
          `The program calls ${request.getTok()}, which asks the cloud. The offline preview has none: pass the answer as configuration, or use \`pulumi preview\`.`,
        );
      }),
      call: refused("A method of a remote component"),
      registerStackTransform: refused("A stack transform"),
      registerStackInvokeTransform: refused("An invoke transform"),
      registerResourceHook: refused("A resource hook"),
      registerErrorHook: refused("An error hook"),
      registerPackage: refused("A parameterised package"),
      getDeploymentInfo: refused("Information on the deployment"),
      signalAndWaitForShutdown: unary(() => new Empty()),
    };
  }

  #urn(parent: string, type: string, name: string): string {
    const above = typesOf(parent);
    const chain = parent === "" || above === stackType ? type : `${above}$${type}`;
    return `urn:pulumi:${this.#program.stack}::${this.#program.project}::${chain}::${name}`;
  }

  /** Where the program asks for a resource; what it uses may have asked in its place. */
  #position(request: resourceProto.RegisterResourceRequest): Position | undefined {
    const frames = [
      request.getSourceposition(),
      ...(request.getStacktrace()?.getFramesList() ?? []).map((frame) => frame.getPc()),
    ];
    return positionIn(
      this.#program.directory,
      frames.flatMap((frame) => (frame === undefined ? [] : [frame.toObject()])),
    );
  }

  #add(resource: RegisteredResource): void {
    if (this.#resources.has(resource.urn)) {
      throw new Refused(`Duplicate resource URN '${resource.urn}'; try giving it a unique name`);
    }
    this.#resources.set(resource.urn, resource);
    this.#onRegistered(resource);
  }

  /** The provider that a resource names, or the default one of its package, which is registered when first used. */
  #providerOf(request: resourceProto.RegisterResourceRequest): Provider {
    const named = request.getProvider();
    if (named !== "") {
      const urn = named.slice(0, named.lastIndexOf("::"));
      const provider = this.#providers.get(urn);
      if (provider === undefined) {
        throw new Refused(
          `${request.getType()} ${request.getName()} names the provider ${urn}, which is not registered.`,
        );
      }
      return provider;
    }
    const [name = ""] = request.getType().split(":");
    const version = request.getVersion();
    const type = `pulumi:providers:${name}`;
    const providerName = version === "" ? "default" : `default_${version.replaceAll(/[.+-]/g, "_")}`;
    const urn = this.#urn("", type, providerName);
    const known = this.#providers.get(urn);
    if (known !== undefined) {
      return known;
    }
    const configured = [...this.#program.config].flatMap(([key, value]) =>
      key.startsWith(`${name}:`) ? [[key.slice(name.length + 1), value] as const] : [],
    );
    const inputs = { ...Object.fromEntries(configured), ...(version === "" ? {} : { version }) };
    const provider: Provider = { urn, type, name: providerName, inputs };
    this.#providers.set(urn, provider);
    this.#add({
      urn,
      type,
      name: providerName,
      isCustom: true,
      parent: undefined,
      inputs,
      outputs: inputs,
      options: noOptions,
      dependencies: [],
      propertyDependencies: {},
      provider: undefined,
    });
    return provider;
  }

  #register(request: resourceProto.RegisterResourceRequest): resourceProto.RegisterResourceResponse {
    const type = request.getType();
    const name = request.getName();
    const isCustom = request.getCustom();
    if (request.getRemote()) {
      throw new Refused(
        `${type} ${name} is a component of another language or package, which the offline preview cannot construct.`,
      );
    }
    const isProvider = type.startsWith("pulumi:providers:");
    const provider = isCustom && !isProvider ? this.#providerOf(request) : undefined;
    const urn = this.#urn(request.getParent(), type, name);
    const inputs = shownProperties(plain(request.getObject()));
    const dependencies = request.getDependenciesList();
    const stated = Object.fromEntries(
      [...request.getPropertydependenciesMap().entries()].map(([key, value]) => [key, value.getUrnsList()]),
    );
    // A runtime that says nothing of single properties means that each depends on all (pulumi, source_eval.go).
    const propertyDependencies =
      Object.keys(stated).length > 0
        ? stated
        : Object.fromEntries(Object.keys(inputs).map((key) => [key, dependencies]));
    const unset =
      isCustom && !isProvider
        ? ["id", ...alwaysPresentOutputs(type, this.#program.directory)].filter((key) => !(key in inputs))
        : [];
    const outputs = { ...Object.fromEntries(unset.map((key) => [key, unknownValue])), ...inputs };

    if (isProvider) {
      this.#providers.set(urn, { urn, type, name, inputs });
    }
    this.#add({
      urn,
      type,
      name,
      isCustom,
      parent: request.getParent() === "" ? undefined : request.getParent(),
      inputs,
      outputs: isCustom ? outputs : {},
      options: {
        protect: request.getProtect() ?? false,
        ignoreChanges: request.getIgnorechangesList(),
        aliases: request.getAliasurnsList(),
        additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
        deleteBeforeReplace: request.getDeletebeforereplacedefined()
          ? request.getDeletebeforereplace()
          : undefined,
      },
      dependencies,
      propertyDependencies,
      provider,
      position: this.#position(request),
    });
    const response = new resourceProto.RegisterResourceResponse();
    response.setUrn(urn);
    response.setObject(Struct.fromJavaScript({ ...(isCustom ? outputs : inputs) } as Record<string, never>));
    return response;
  }
}
