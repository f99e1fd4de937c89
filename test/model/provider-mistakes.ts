import { at, type Edit, type Mistake } from "./mistake";
import type { PlatformDraft } from "./platform-draft";
import { withExternalProviders } from "./with-external-providers";

type Provider = NonNullable<PlatformDraft["llmProviders"]>[number];
type External = Extract<Provider, { readonly kind: "external" }>;

/** A change of a platform that has two external providers. */
function outside(edit: Edit): Edit {
  return (file) => {
    Object.assign(file, structuredClone(withExternalProviders));
    edit(file);
  };
}

function external(file: PlatformDraft, index: 1 | 2): External {
  const provider = at(file.llmProviders, index);
  if (provider.kind !== "external") {
    throw new Error(`provider ${String(index)} is not external`);
  }
  return provider;
}

/** Adds a native provider with a policy of its own. */
function secondNative(model: string): Edit {
  return (file) => {
    file.llmProviders?.push({
      id: "other-models",
      kind: "native",
      models: { gcp: [model] },
      onFinding: "block",
    });
  };
}

function withoutFlow(file: PlatformDraft, leavesOut: (from: string, to: string) => boolean): void {
  file.flows = file.flows.filter(({ from, to }) => !leavesOut(from, to));
}

function recordNumber(over: Readonly<Record<string, string>>): Edit {
  return outside((file) =>
    Object.assign(file, {
      inspection: { recordNumbers: [{ id: "medical_record", form: "MRN-9999999", ...over }] },
    }),
  );
}

const guardPlace = `workloads[${String(withExternalProviders.workloads.length - 1)}]`;

/** Mistakes about external providers, and about what reads the prompts that leave for them. */
export const providerMistakes: readonly Mistake[] = [
  {
    id: "BH-015",
    mistake: "an external provider without an egress zone",
    path: "zones",
    edit: outside((file) => file.zones.pop()),
    right: outside(() => undefined),
  },
  {
    id: "BH-024",
    mistake: "a model that may get PHI of a provider without an agreement",
    path: "llmProviders[2].onFinding",
    edit: outside((file) => external(file, 2).models.push({ name: "other", onFinding: "allow" })),
    right: outside((file) => external(file, 2).models.push({ name: "other", onFinding: "block" })),
  },
  {
    id: "BH-026",
    mistake: "a wildcard for an external provider's host",
    path: "llmProviders[1].fqdns[0]",
    edit: outside((file) => Object.assign(external(file, 1), { fqdns: ["*.provider.example"] })),
    right: outside((file) => Object.assign(external(file, 1), { fqdns: ["api.provider.example"] })),
  },
  {
    id: "BH-058",
    mistake: "another workload in the egress zone",
    path: "workloads[2].zone",
    edit: outside((file) => Object.assign(at(file.workloads, 2), { zone: "egress" })),
    right: outside((file) => Object.assign(at(file.workloads, 2), { zone: "processing" })),
  },
  {
    id: "BH-058",
    mistake: "the egress guard in processing",
    path: `${guardPlace}.zone`,
    edit: outside((file) =>
      Object.assign(at(file.workloads, file.workloads.length - 1), { zone: "processing" }),
    ),
    right: outside((file) => Object.assign(at(file.workloads, file.workloads.length - 1), { replicas: 3 })),
  },
  {
    id: "BH-058",
    mistake: "an external provider without an egress guard",
    path: "llmProviders[1]",
    edit: outside((file) => {
      file.workloads.pop();
      withoutFlow(file, (from, to) => [from, to].includes("workload/egress-guard") || from === "zone/egress");
    }),
    right: outside((file) => file.workloads.reverse()),
  },
  {
    id: "BH-059",
    mistake: "a provider that no flow leads to",
    path: "llmProviders[2]",
    edit: outside((file) => {
      withoutFlow(file, (_, to) => to === "llm-provider/anthropic");
    }),
    right: outside((file) => {
      withoutFlow(file, (_, to) => to === "llm-provider/anthropic");
      file.llmProviders?.pop();
    }),
  },
  {
    id: "BH-059",
    mistake: "an egress guard that nobody calls",
    path: guardPlace,
    edit: outside((file) => {
      withoutFlow(file, (_, to) => to === "workload/egress-guard");
    }),
    right: outside((file) => {
      withoutFlow(file, (from, to) => from === "workload/rag-service" && to === "workload/egress-guard");
    }),
  },
  {
    id: "BH-060",
    mistake: "a host of two providers",
    path: "llmProviders[2].fqdns[0]",
    edit: outside((file) => Object.assign(external(file, 2), { fqdns: ["api.openai.com"] })),
    right: outside((file) => Object.assign(external(file, 2), { fqdns: ["eu.api.openai.com"] })),
  },
  {
    id: "BH-060",
    mistake: "a model with two policies",
    path: "llmProviders[1].models[2]",
    edit: outside((file) => external(file, 1).models.push({ name: "gpt-5", onFinding: "block" })),
    right: outside((file) => external(file, 1).models.push({ name: "gpt-5-mini", onFinding: "block" })),
  },
  {
    id: "BH-060",
    mistake: "a model of the cloud's own under two policies",
    path: "llmProviders[1].models.gcp",
    edit: secondNative("gemini-2.5-pro"),
    right: secondNative("gemini-2.5-flash"),
  },
  {
    id: "BH-061",
    mistake: "a form of record numbers that ordinary numbers fit",
    path: "inspection.recordNumbers[0].form",
    edit: recordNumber({ form: "A999" }),
    right: recordNumber({ form: "A9999" }),
  },
  {
    id: "BH-061",
    mistake: "a form of record numbers that is too long",
    path: "inspection.recordNumbers[0].form",
    edit: recordNumber({ form: "9".repeat(65) }),
    right: recordNumber({ form: "9".repeat(64) }),
  },
  {
    id: "BH-061",
    mistake: "a form of record numbers without a name that findings can have",
    path: "inspection.recordNumbers[0].id",
    edit: recordNumber({ id: "Medical record" }),
    right: recordNumber({ id: "chart" }),
  },
  {
    id: "BH-061",
    mistake: "two forms of record numbers under one name",
    path: "inspection.recordNumbers[1].id",
    edit: outside((file) => file.inspection?.recordNumbers?.push({ id: "medical_record", form: "C9999999" })),
    right: outside((file) => file.inspection?.recordNumbers?.push({ id: "chart", form: "C9999999" })),
  },
];
