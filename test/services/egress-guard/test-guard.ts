import { createHmac, randomBytes } from "node:crypto";

import { inspectionDocument, type InspectionDocument } from "../../../model/inspection-document";
import { platformSpec } from "../../../model/platform-spec";
import { AuditUnavailable } from "../../../services/audit/audit-event";
import type { InspectionEvent, InspectionTrail } from "../../../services/audit/inspection-event";
import type { Detector, FoundIdentifier } from "../../../services/egress-guard/detection/detector";
import { firewallAuthority, ProviderConnections } from "../../../services/egress-guard/provider-connections";
import { providerKeys } from "../../../services/egress-guard/provider-keys";
import {
  startEgressGuard,
  type EgressGuardOptions,
  type RunningEgressGuard,
} from "../../../services/egress-guard/running-egress-guard";
import { withExternalProviders } from "../../model/with-external-providers";
import { TestAuthority } from "../test-authority";

import { ProviderStandIn } from "./provider-stand-in";

const forms = [
  { kind: "name", form: /John Smith|José Núñez|Ann "Nan" Lee/g },
  { kind: "social_security_number", form: /\b\d{3}-\d{2}-\d{4}\b/g },
  { kind: "medical_record_number", form: /MRN-\d{7}/g },
] as const;

/** Finds a few identifiers by their forms. */
export class FewIdentifiers implements Detector {
  /** What it does instead, if anything. */
  instead: (() => Promise<never>) | undefined;
  readonly texts: string[] = [];

  detect(texts: readonly string[]): Promise<readonly (readonly FoundIdentifier[])[]> {
    this.texts.push(...texts);
    return (
      this.instead?.() ??
      Promise.resolve(
        texts.map((text) =>
          forms
            .flatMap(({ kind, form }) =>
              [...text.matchAll(form)].map(({ 0: found, index }) => ({
                kind,
                by: "test",
                start: index,
                end: index + found.length,
              })),
            )
            .sort((one, other) => one.start - other.start),
        ),
      )
    );
  }
}

/** Keeps records in memory, for as long as it is let. */
export class KeptInspections implements InspectionTrail {
  readonly events: InspectionEvent[] = [];
  /** After how many records no more can be written. */
  room = Infinity;

  append(event: InspectionEvent): void {
    if (this.events.length >= this.room) {
      throw new AuditUnavailable("There is no room.");
    }
    this.events.push(event);
  }
}

const spec = platformSpec(withExternalProviders);
const base = inspectionDocument(spec);

/** One provider of each API: with an agreement OpenAI's, and of the others none. */
export const document: InspectionDocument = {
  ...base,
  providers: [
    ...base.providers.map((provider) =>
      provider.id === "openai"
        ? {
            ...provider,
            models: [
              { name: "gpt-5", onFinding: "allow" as const },
              { name: "gpt-5-mini", onFinding: "redact" as const },
              { name: "gpt-5-nano", onFinding: "block" as const },
              { name: "text-embedding-3-large", onFinding: "block" as const },
            ],
          }
        : {
            ...provider,
            models: [...provider.models, { name: "claude-haiku-4-5", onFinding: "block" as const }],
          },
    ),
    {
      id: "google",
      api: "gemini",
      fqdns: ["generativelanguage.googleapis.com"],
      models: [
        { name: "gemini-2.5-pro", onFinding: "redact" },
        { name: "gemini-embedding-001", onFinding: "block" },
      ],
    },
    {
      id: "azure",
      api: "azure-openai",
      fqdns: ["hospital.openai.azure.com"],
      models: [{ name: "deployed-gpt", onFinding: "redact" }],
    },
  ],
};

export const caller = Object.values(document.callers)[0] ?? "";
const hashKey = randomBytes(32);

/** The authority of the firewall, which guards trust, and another one. */
export const firewalls = Promise.all([
  TestAuthority.create("firewall"),
  TestAuthority.create("somebody else"),
]);

/** The hash of a prompt, as records have it. */
export function promptHash(body: Buffer | string): string {
  return createHmac("sha256", hashKey).update(body).digest("hex");
}

/** An egress guard with providers that are stood in for. */
export class TestGuard {
  readonly trail = new KeptInspections();
  readonly detector = new FewIdentifiers();
  readonly faults: unknown[] = [];
  readonly provider: ProviderStandIn;
  readonly #guard: RunningEgressGuard;
  readonly #connections: ProviderConnections;

  private constructor(
    provider: ProviderStandIn,
    guard: RunningEgressGuard,
    connections: ProviderConnections,
    parts: Pick<TestGuard, "trail" | "detector" | "faults">,
  ) {
    this.provider = provider;
    this.#guard = guard;
    this.#connections = connections;
    Object.assign(this, parts);
  }

  static async start(
    options: Partial<EgressGuardOptions> = {},
    firewall: "firewall" | "somebody else" = "firewall",
  ): Promise<TestGuard> {
    const [authority, other] = await firewalls;
    const hosts = document.providers.flatMap(({ fqdns }) => fqdns);
    const provider = await ProviderStandIn.start(firewall === "firewall" ? authority : other, hosts);
    const place = { host: "127.0.0.1", port: provider.port };
    const connections =
      options.connections ??
      new ProviderConnections(undefined, Object.fromEntries(hosts.map((host) => [host, place])));
    const keys = providerKeys(
      JSON.stringify({
        hashKey: hashKey.toString("base64"),
        providers: Object.fromEntries(document.providers.map(({ id }) => [id, `key-of-${id}`])),
      }),
    );
    const trusted = firewallAuthority(authority.bundle);
    const parts = { trail: new KeptInspections(), detector: new FewIdentifiers(), faults: [] as unknown[] };
    const guard = await startEgressGuard({
      port: 0,
      document,
      detector: parts.detector,
      trail: parts.trail,
      keys: () => keys,
      authority: () => trusted,
      onFault: (_requestId, error) => {
        parts.faults.push(error);
      },
      ...options,
      connections,
    });
    return new TestGuard(provider, guard, connections, parts);
  }

  get origin(): string {
    return `http://127.0.0.1:${String(this.#guard.port)}`;
  }

  /** What the proxy of the pod says of a caller. */
  get headers(): Readonly<Record<string, string>> {
    return { "x-forwarded-client-cert": `Hash=00;URI=${caller}` };
  }

  /** Posts a body as the caller. */
  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(`${this.origin}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...this.headers, ...headers },
      body: typeof body === "string" || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
    });
  }

  /** What was recorded, in short: what it is about, the verdict, why, and what was found. */
  get records(): readonly string[] {
    return this.trail.events.map(({ kind, verdict, reason, identifiers }) =>
      [
        kind.slice("egress-".length),
        verdict,
        reason,
        ...[...identifiers].map(([name, count]) => `${name}:${String(count)}`),
      ].join(" "),
    );
  }

  async close(): Promise<void> {
    await this.#guard.close();
    await this.#connections.close();
    await this.provider.close();
  }
}
