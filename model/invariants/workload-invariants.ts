import type { Breach } from "../finding";
import { parseImage, type ImageProblem } from "../image";

import type { Draft, Invariant, Located } from "./draft";

function imageBreaches(draft: Draft, wanted: readonly ImageProblem[], remedy: string): readonly Breach[] {
  const explain: Record<ImageProblem, string> = {
    "public-registry": "names a registry of its own",
    "no-digest": "is not pinned by digest",
    malformed: "is not <repository>@sha256:<64 hexadecimal digits>",
  };
  return writtenImages(draft).flatMap(({ path, value }): readonly Breach[] => {
    const image = parseImage(value);
    return typeof image === "string" && wanted.includes(image)
      ? [{ path, message: `\`${value}\` ${explain[image]}.`, remedy }]
      : [];
  });
}

/** All that runs: what workloads are, and what stands beside each. */
function writtenImages({ workloads, mesh }: Draft): readonly Located<string>[] {
  return [
    ...workloads.map(({ path, value }) => ({ path: `${path}.image`, value: value.image })),
    ...mesh.flatMap(({ path, value }) =>
      value.kind === "istio"
        ? []
        : (["proxyImage", "agentImage"] as const).map((key) => ({
            path: `${path}.${key}`,
            value: value[key],
          })),
    ),
  ];
}

/** What may run, and where. */
export const workloadInvariants: readonly Invariant[] = [
  {
    id: "BH-020",
    title: "The PHI zone is managed-only: no workload runs in it.",
    because:
      "Code in the zone would have name resolution and instance metadata as ways out. Managed stores behind private " +
      "endpoints have neither.",
    check: (draft) =>
      draft.workloads
        .filter(({ value }) => value.zone === "phi")
        .map(({ path, value }) => ({
          path: `${path}.zone`,
          message: `Workload ${value.id} may not run in the PHI zone.`,
          remedy: "Run it in processing, with a flow to the store that it needs.",
        })),
  },
  {
    id: "BH-021",
    title: "Images come from the platform's private registry.",
    because:
      "A public registry is reached over the Internet, which processing cannot; and what it serves under a name can change hands.",
    check: (draft) =>
      imageBreaches(
        draft,
        ["public-registry"],
        "Push the image to the platform's registry, and write it without a host: <repository>@sha256:<digest>.",
      ),
  },
  {
    id: "BH-022",
    title: "Images are pinned by digest.",
    because: "A tag can be moved to other content after it was reviewed; a digest cannot.",
    check: (draft) =>
      imageBreaches(
        draft,
        ["no-digest", "malformed"],
        "Write <repository>@sha256:<digest>; the registry shows the digest of a pushed image.",
      ),
  },
  {
    id: "BH-023",
    title: "Clinicians enter where OpenID Connect is done.",
    because:
      "A passed-through connection ends at `ai-gateway`, which requires a client certificate; a clinician's browser has none.",
    check: (draft) =>
      draft.edge
        .filter(({ value }) => value.mode === "l4-passthrough" && value.clients.includes("clinician"))
        .map(({ path }) => ({
          path: `${path}.clients`,
          message: "Clinicians cannot enter through l4-passthrough.",
          remedy: "Use `mode: l7-terminate`, or `clients: [machine]`.",
        })),
  },
];
