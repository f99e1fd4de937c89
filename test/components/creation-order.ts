import * as pulumi from "@pulumi/pulumi";

import { Platform } from "../../components/platform";
import type { Renderer, Rendering } from "../../components/renderer";
import type { PlatformSpec } from "../../model/platform-spec";
import { renderedStack } from "../policy-pack/rendered-stack";

interface Registration {
  getType(): string;
  getName(): string;
  getDependenciesList(): readonly string[];
}

interface Monitor {
  registerResource: (request: Registration, callback: unknown) => unknown;
}

/** What a renderer makes of a platform: what it gives back, and what each resource waits for, directly or not, by logical names. */
export class CreationOrder {
  readonly #direct = new Map<string, readonly string[]>();
  readonly #types = new Map<string, string>();
  #rendering: Rendering | undefined;

  static async of(spec: PlatformSpec, renderer: Renderer): Promise<CreationOrder> {
    const order = new CreationOrder();
    await renderedStack(() => {
      order.#watch();
      return new Platform({
        spec,
        renderer: {
          cloud: renderer.cloud,
          render: (...args) => {
            order.#rendering = renderer.render(...args);
            return order.#rendering;
          },
        },
      });
    }, "deployed");
    return order;
  }

  #watch(): void {
    const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, callback) => {
      const name = request.getName();
      this.#types.set(name, request.getType().split(":").at(-1) ?? "");
      this.#direct.set(
        name,
        request.getDependenciesList().map((urn) => urn.split("::").at(-1) ?? ""),
      );
      return register(request, callback);
    };
  }

  get rendering(): Rendering {
    if (this.#rendering === undefined) {
      throw new Error("nothing was rendered");
    }
    return this.#rendering;
  }

  named(type: string): readonly string[] {
    return [...this.#types].filter(([, of]) => of === type).map(([name]) => name);
  }

  /** What a resource waits for by itself. */
  directlyBefore(name: string): readonly string[] {
    return this.#direct.get(name) ?? [];
  }

  before(name: string): ReadonlySet<string> {
    const found = new Set<string>();
    const visit = (at: string): void => {
      for (const next of this.directlyBefore(at)) {
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
