import { discoveryName } from "../discovery-name";
import type { Breach } from "../finding";
import { idProblem, reservedIds } from "../name";
import { sidecarNames } from "../mesh";
import { nameLimits, type NameLimit } from "../name-limit";
import { platformServiceIds } from "../platform-service";
import { trustDomainProblem } from "../spiffe-id";

import type { Draft, Invariant, Located } from "./draft";

function ids(draft: Draft): readonly Located<string>[] {
  return [...draft.workloads, ...draft.dataStores, ...draft.llmProviders].map(({ path, value }) => ({
    path: `${path}.id`,
    value: value.id,
  }));
}

/** The ids from which a limit's names are made; a limit on the platform's own name has none to add. */
function idsLimitedBy(limit: NameLimit, draft: Draft): readonly Located<string>[] {
  const { concept } = limit;
  switch (concept.kind) {
    case "platform":
      return draft.name.map(({ path }) => ({ path, value: "" }));
    case "workload":
      return draft.workloads.map(({ path, value }) => ({ path: `${path}.id`, value: value.id }));
    case "native-provider":
      return draft.llmProviders
        .filter(({ value }) => value.kind === "native")
        .map(({ path, value }) => ({ path: `${path}.id`, value: value.id }));
    case "data-store":
      return draft.dataStores
        .filter(({ value }) => value.kind === concept.of)
        .map(({ path, value }) => ({ path: `${path}.id`, value: value.id }));
  }
}

/** The repository that an image names, whatever else is wrong with it. */
function repositoryOf(image: string): string {
  return image.replace(/@.*$/, "");
}

/** The longest name of DNS, as text (RFC 1035 §2.3.4: 255 octets, with the length of the first label and the root). */
const longestDnsName = 253;

/** How things are called. */
export const nameInvariants: readonly Invariant[] = [
  {
    id: "BH-016",
    title: "No id is used twice, or means something else.",
    because: "Names of rules, identities and records are made of ids; two equal ones would share them.",
    check: (draft) => {
      const taken = new Map<string, string>([
        ...[...reservedIds].map((id): [string, string] => [id, "the platform's own words"]),
        ...platformServiceIds.map((id): [string, string] => [id, "the platform's services"]),
      ]);
      return ids(draft).flatMap(({ path, value }): readonly Breach[] => {
        const first = taken.get(value);
        taken.set(value, first ?? path);
        return first === undefined
          ? []
          : [
              {
                path,
                message: `\`${value}\` is used already: ${first}.`,
                remedy: "Give it a name of its own.",
              },
            ];
      });
    },
  },
  {
    id: "BH-017",
    title: "Ids are lower-case words joined by hyphens.",
    because: "They become parts of DNS names, SPIFFE IDs and resource names, on every cloud.",
    check: (draft) =>
      [...draft.name, ...ids(draft)].flatMap(({ path, value }): readonly Breach[] => {
        const problem = idProblem(value);
        return problem === undefined
          ? []
          : [{ path, message: `\`${value}\` ${problem}.`, remedy: "Rename it, as in `rag-service`." }];
      }),
  },
  {
    id: "BH-018",
    title: "Names fit every cloud.",
    because:
      "A platform that is written once must not be refused by the second cloud on which it is brought up.",
    check: (draft) =>
      draft.name.flatMap((platform) =>
        nameLimits.flatMap((limit) =>
          idsLimitedBy(limit, draft).flatMap(({ path, value }): readonly Breach[] => {
            const name = limit.name(platform.value, value);
            const excess = name.length - limit.longest;
            return excess <= 0
              ? []
              : [
                  {
                    path,
                    message: `\`${name}\`, the ${limit.resource} on ${limit.cloud}, is longer than ${String(limit.longest)} characters (${limit.source}).`,
                    remedy: `Shorten ${value === "" ? "the platform's name" : "the id, or the platform's name,"} by ${String(excess)}.`,
                  },
                ];
          }),
        ),
      ),
  },
  {
    id: "BH-019",
    title: "The trust domain is a DNS name in lower case.",
    because:
      "It is the authority of every SPIFFE ID (SPIFFE-ID §2.1) and the suffix of every certificate's DNS name.",
    check: (draft) =>
      draft.trustDomain.flatMap(({ path, value }): readonly Breach[] => {
        const problem = trustDomainProblem(value);
        return problem === undefined
          ? []
          : [
              {
                path,
                message: `\`${value}\` ${problem}.`,
                remedy: "Use a DNS name that the hospital owns, such as ai.hospital.example.",
              },
            ];
      }),
  },
  {
    id: "BH-047",
    title: "No workload has the name of what runs beside it, nor its image that of another image.",
    because:
      "Each runs in one pod with a proxy and an agent, which have names of their own there; and two images in one place of the registry would be told apart by their digests alone.",
    check: (draft) => [
      ...draft.workloads
        .filter(({ value }) => sidecarNames.some((name) => name === value.id))
        .map(({ path, value }) => ({
          path: `${path}.id`,
          message: `\`${value.id}\` runs beside every workload.`,
          remedy: "Rename the workload.",
        })),
      ...draft.mesh.flatMap(({ path, value }): readonly Breach[] => {
        if (value.kind === "istio") {
          return [];
        }
        const places = new Map(
          draft.workloads.map((workload) => [repositoryOf(workload.value.image), `${workload.path}.image`]),
        );
        return (["proxyImage", "agentImage"] as const).flatMap((key): readonly Breach[] => {
          const repository = repositoryOf(value[key]);
          const first = places.get(repository);
          places.set(repository, first ?? `${path}.${key}`);
          return first === undefined
            ? []
            : [
                {
                  path: `${path}.${key}`,
                  message: `\`${repository}\` is the repository of ${first} already.`,
                  remedy: "Push each image to a repository of its own.",
                },
              ];
        });
      }),
    ],
  },
  {
    id: "BH-048",
    title: "Workloads are found by names that DNS can carry.",
    because: "A DNS name has 253 characters at most (RFC 1035 §2.3.4), and each certificate carries one.",
    check: (draft) =>
      draft.trustDomain.flatMap((trustDomain) =>
        draft.workloads.flatMap(({ path, value }): readonly Breach[] => {
          if (value.zone === "phi") {
            return [];
          }
          const name = discoveryName(trustDomain.value, { id: value.id, zone: value.zone });
          return name.length <= longestDnsName
            ? []
            : [
                {
                  path: `${path}.id`,
                  message: `It would be found as \`${name}\`, which is ${String(name.length)} characters long.`,
                  remedy: `Shorten the id, or the trust domain, by ${String(name.length - longestDnsName)}.`,
                },
              ];
        }),
      ),
  },
];
