import * as pulumi from "@pulumi/pulumi";

import { GcpAccessLevels } from "../../components/gcp/access-levels";
import { GcpFlowFilters } from "../../components/gcp/flow-filters";
import { GcpNameResolution } from "../../components/gcp/name-resolution";
import { PhysicalNames } from "../../components/gcp/physical-names";
import { GcpPrivateEndpoints } from "../../components/gcp/private-endpoints";
import { GcpSegmentation } from "../../components/gcp/segmentation";
import { GcpServicePerimeter } from "../../components/gcp/service-perimeter";
import type { PlatformFile } from "../../model/platform-file";
import { platformSpec } from "../../model/platform-spec";
import { googleTarget } from "../model/google-target";

type Properties = Readonly<Record<string, unknown>>;

/** A resource as a program registers it. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  /** The name of the component that it is part of. */
  readonly parent: string;
  readonly inputs: Properties;
  readonly protect: boolean;
  /** The names of the resources that it waits for itself. */
  readonly waitsFor: readonly string[];
}

/** What a component registers as its outputs, by its name. */
export type Outputs = ReadonlyMap<string, Properties>;

interface Request {
  getName(): string;
  getParent(): string;
  getProtect(): boolean;
  getDependenciesList(): readonly string[];
}

interface OutputsRequest {
  getUrn(): string;
  getOutputs(): { toJavaScript(): Properties } | undefined;
}

interface Monitor {
  registerResource: (request: Request, callback: unknown) => unknown;
  registerResourceOutputs: (request: OutputsRequest, callback: unknown) => unknown;
}

const nameOf = (urn: string): string => urn.split("::").at(-1) ?? "";

/** What stands for what other parts of the platform make first. */
class Before extends pulumi.CustomResource {
  constructor(name: string) {
    super("test:index:Before", name, {});
  }
}

/** Outputs that providers compute, by type. */
const computed: Readonly<Record<string, readonly string[]>> = {
  "gcp:certificateauthority/certificate:Certificate": ["pemCertificate"],
  "tls:index/certRequest:CertRequest": ["certRequestPem"],
  "tls:index/locallySignedCert:LocallySignedCert": ["certPem"],
  "tls:index/privateKey:PrivateKey": ["privateKeyPem", "privateKeyPemPkcs8"],
  "tls:index/selfSignedCert:SelfSignedCert": ["certPem"],
};

/** The network, the names and the perimeters of a platform on Google Cloud, as they are registered. */
export class Rendered {
  readonly #registrations: readonly Registration[];
  readonly #outputs: Outputs;

  private constructor(registrations: readonly Registration[], outputs: Outputs) {
    this.#registrations = registrations;
    this.#outputs = outputs;
  }

  /**
   * @param preview whether nothing exists yet, and no output of a resource is known.
   * @param program what is registered, in the place of the network, the names and the perimeters.
   */
  static async of(file: PlatformFile, preview = false, program = render): Promise<Rendered> {
    const inputs = new Map<string, { readonly type: string; readonly inputs: Properties }>();
    const requests: Request[] = [];
    const outputs = new Map<string, Properties>();
    await pulumi.runtime.setMocks(
      {
        newResource: ({ type, name, inputs: given }) => {
          inputs.set(name, { type, inputs: given as Properties });
          const outputs = preview ? [] : (computed[type] ?? []);
          const made = Object.fromEntries(outputs.map((key) => [key, `${key} of ${name}`]));
          return {
            id: preview ? undefined : `id of ${name}`,
            state: { ...made, ...(given as Properties) },
          };
        },
        call: ({ token }) => {
          throw new Error(`no answer to ${token}`);
        },
      },
      "bulkhead",
      "test",
      preview,
      "organization",
    );
    const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, callback) => {
      requests.push(request);
      return register(request, callback);
    };
    const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
    monitor.registerResourceOutputs = (request, callback) => {
      outputs.set(nameOf(request.getUrn()), request.getOutputs()?.toJavaScript() ?? {});
      return registerOutputs(request, callback);
    };
    await pulumi.runtime.runInPulumiStack(() => Promise.resolve(program(file)));
    await pulumi.runtime.disconnect();
    const registrations = requests.flatMap((request): readonly Registration[] => {
      const name = request.getName();
      const found = inputs.get(name);
      return found === undefined
        ? []
        : [
            {
              ...found,
              name,
              parent: nameOf(request.getParent()),
              protect: request.getProtect(),
              waitsFor: request.getDependenciesList().map(nameOf),
            },
          ];
    });
    return new Rendered(registrations, outputs);
  }

  /** The resources of a component, by what they are and what they are called. */
  listed(parent: string): readonly string[] {
    return this.partsOf(parent)
      .map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`)
      .sort();
  }

  partsOf(parent: string): readonly Registration[] {
    return this.#registrations.filter((registration) => registration.parent === parent);
  }

  all(): readonly Registration[] {
    return this.#registrations.filter(({ type }) => type.startsWith("gcp:"));
  }

  named(name: string): Registration {
    const found = this.#registrations.find((registration) => registration.name === name);
    if (found === undefined) {
      throw new Error(`no resource ${name}`);
    }
    return found;
  }

  inputsOf(name: string): Properties {
    return this.named(name).inputs;
  }

  outputsOf(component: string): Properties {
    return this.#outputs.get(component) ?? {};
  }

  /** The names of what a resource waits for, directly or not. */
  before(name: string): ReadonlySet<string> {
    const found = new Set<string>();
    const visit = (at: string): void => {
      for (const next of this.named(at).waitsFor) {
        if (!found.has(next)) {
          found.add(next);
          visit(next);
        }
      }
    };
    visit(name);
    return found;
  }
}

/** Who runs Pulumi in these tests. */
export const deployer = "deployer@hospital-ai.iam.gserviceaccount.com";

function render(file: PlatformFile): void {
  const spec = platformSpec(file);
  const names = new PhysicalNames(spec, googleTarget);
  const services = new Before("services");
  const accounts = new Map(spec.workloads.map(({ id }) => [id, new Before(`${id}-account`)]));
  const opts: pulumi.ComponentResourceOptions = {};
  const segmentation = new GcpSegmentation(
    `${spec.name}-segmentation`,
    { spec, names, dependsOn: [services] },
    opts,
  );
  const filters = new GcpFlowFilters(
    `${spec.name}-flow-filters`,
    { spec, names, accounts, network: segmentation.sealed },
    opts,
  );
  const sealed = [...segmentation.sealed, ...filters.sealed];
  new GcpPrivateEndpoints(`${spec.name}-private-endpoints`, { spec, names, sealed }, opts);
  new GcpNameResolution(`${spec.name}-name-resolution`, { spec, names, network: segmentation.sealed }, opts);
  new GcpServicePerimeter(
    `${spec.name}-service-perimeter`,
    { spec, names, deployer, dependsOn: [services, ...accounts.values()] },
    opts,
  );
  new GcpAccessLevels(`${spec.name}-access-levels`, { spec, names, dependsOn: [services] }, opts);
}
