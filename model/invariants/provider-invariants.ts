import type { Breach } from "../finding";
import { policyNamePattern } from "../name";
import { cloudKinds } from "../cloud-target";
import { egressGuardId } from "../egress-guard";
import { isValid, mayReceivePhi, modelsOf, type ExternalProviderDocument } from "../llm-provider";

import type { Draft, Invariant, Located } from "./draft";

const fqdnPattern = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

function externalProviders({ llmProviders }: Draft): readonly Located<ExternalProviderDocument>[] {
  return llmProviders.flatMap(({ path, value }) => (value.kind === "external" ? [{ path, value }] : []));
}

/** The models that native providers name, with the cloud before the name: each cloud has names of its own. */
function nativeModels({ llmProviders }: Draft): readonly Located<string>[] {
  return llmProviders.flatMap(({ path, value }) =>
    value.kind === "native"
      ? cloudKinds.flatMap((cloud) =>
          [...new Set(value.models[cloud])].map((model) => ({
            path: `${path}.models.${cloud}`,
            value: `${cloud} ${model}`,
          })),
        )
      : [],
  );
}

/** The texts that stand at several places, each at its second place and after, with its first. */
function repeated(
  texts: readonly Located<string>[],
): readonly (Located<string> & { readonly first: string })[] {
  const firstAt = new Map<string, string>();
  return texts.flatMap(({ path, value }) => {
    const first = firstAt.get(value);
    firstAt.set(value, first ?? path);
    return first === undefined ? [] : [{ path, value, first }];
  });
}

/** What is wrong with the form of a record number, or `undefined` if nothing is. */
function formProblem(form: string): string | undefined {
  const digits = Array.from(form).filter((character) => character === "9" || character === "*").length;
  if (form.length > 64) {
    return "is longer than 64 characters";
  }
  return digits < 4
    ? "has fewer than four places for digits, so that ordinary numbers would fit it"
    : undefined;
}

/** Where prompts may be sent. */
export const providerInvariants: readonly Invariant[] = [
  {
    id: "BH-024",
    title: "A provider that may receive PHI has a valid business associate agreement.",
    because:
      "PHI may be disclosed to a business associate only under such an agreement (45 CFR §164.502(e), §164.504(e)); an expired one is none.",
    check: (draft) =>
      draft.llmProviders
        .filter(({ value }) => mayReceivePhi(value) && !isValid(value.agreement, draft.today))
        .map(({ path, value }) => {
          const { agreement } = value;
          const why =
            agreement === undefined
              ? "has no agreement"
              : agreement.signed > draft.today
                ? `has an agreement that begins on ${agreement.signed} only`
                : `had an agreement until ${agreement.expires}`;
          return {
            path: agreement === undefined ? `${path}.onFinding` : `${path}.agreement`,
            message: `Provider ${value.id} may receive PHI, but ${why}.`,
            remedy: "Use `onFinding: redact` or `block`, or record the agreement that holds today.",
          };
        }),
  },
  {
    id: "BH-025",
    title: "An agreement expires after it was signed.",
    because:
      "Dates in the wrong order are a slip of the pen, and which of the two is wrong decides whether PHI may go.",
    check: (draft) =>
      draft.llmProviders.flatMap(({ path, value }): readonly Breach[] => {
        const { agreement } = value;
        return agreement === undefined ||
          agreement.expires === "until-terminated" ||
          agreement.expires > agreement.signed
          ? []
          : [
              {
                path: `${path}.agreement.expires`,
                message: `The agreement with ${value.id} expires on ${agreement.expires}, and was signed on ${agreement.signed}.`,
                remedy: "Correct the two dates.",
              },
            ];
      }),
  },
  {
    id: "BH-026",
    title: "An external provider's hosts are full DNS names.",
    because:
      "The firewall's allow-list is made of them; a wildcard would admit whoever gets a name under it.",
    check: (draft) =>
      draft.llmProviders.flatMap(({ path, value }) =>
        value.kind === "native"
          ? []
          : value.fqdns.flatMap((fqdn, index): readonly Breach[] =>
              fqdnPattern.test(fqdn)
                ? []
                : [
                    {
                      path: `${path}.fqdns[${String(index)}]`,
                      message: `\`${fqdn}\` is not a full DNS name in lower case.`,
                      remedy: "Write each host of the provider's API, such as api.provider.example.",
                    },
                  ],
            ),
      ),
  },
  {
    id: "BH-027",
    title: "Whoever uses the cloud's model inference has a native provider declared for it.",
    because:
      "The private endpoint admits the declared models only; without a declaration it would admit none, or all.",
    check: (draft) =>
      draft.namesAreComplete && !draft.llmProviders.some(({ value }) => value.kind === "native")
        ? draft.flows
            .filter(({ to }) => to.kind === "platform-service" && to.id === "model-inference")
            .map(({ path }) => ({
              path: `${path}.to`,
              message:
                "platform-service/model-inference is used, but no native provider says which models it serves.",
              remedy:
                "Declare a provider with `kind: native` and its models in llmProviders, or take the flow out.",
            }))
        : [],
  },
  {
    id: "BH-058",
    title: `The egress zone runs the workload \`${egressGuardId}\`, and nothing else.`,
    because:
      "It alone reads what leaves for an external provider; whatever else ran in the zone would have the same way out without being read.",
    check: (draft) => [
      ...draft.workloads
        .filter(({ value }) => (value.zone === "egress") !== (value.id === egressGuardId))
        .map(({ path, value }) => ({
          path: `${path}.zone`,
          message:
            value.id === egressGuardId
              ? `${egressGuardId} runs in ${value.zone}.`
              : `Workload ${value.id} may not run in the egress zone.`,
          remedy:
            value.id === egressGuardId
              ? "Run it in the egress zone, with an external provider to call."
              : `Run it in processing, with a flow to workload/${egressGuardId}.`,
        })),
      ...(draft.namesAreComplete && !draft.workloads.some(({ value }) => value.id === egressGuardId)
        ? externalProviders(draft)
            .slice(0, 1)
            .map(({ path, value }) => ({
              path,
              message: `Provider ${value.id} is external, and no workload ${egressGuardId} reads what leaves for it.`,
              remedy: `Add the workload ${egressGuardId} to the egress zone.`,
            }))
        : []),
    ],
  },
  {
    id: "BH-059",
    title: `\`${egressGuardId}\` has a flow to each external provider, and some workload has one to it.`,
    because: "A provider that nothing reaches is an opening in the firewall's allow-list without a use.",
    check: (draft) => {
      if (!draft.flowsAreComplete || !draft.namesAreComplete) {
        return [];
      }
      const reached = new Set(draft.flows.flatMap(({ to }) => (to.kind === "llm-provider" ? [to.id] : [])));
      const unreached = externalProviders(draft)
        .filter(({ value }) => !reached.has(value.id))
        .map(({ path, value }) => ({
          path,
          message: `No flow leads to provider ${value.id}.`,
          remedy: `Add a flow from workload/${egressGuardId} to llm-provider/${value.id}, or take the provider out.`,
        }));
      const isCalled = draft.flows.some(({ to }) => to.kind === "workload" && to.id === egressGuardId);
      return [
        ...unreached,
        ...draft.workloads
          .filter(({ value }) => value.id === egressGuardId && !isCalled)
          .map(({ path, value }) => ({
            path,
            message: `No flow leads to workload/${value.id}.`,
            remedy: `Add a flow from each processing workload that calls an external provider to workload/${value.id}.`,
          })),
      ];
    },
  },
  {
    id: "BH-060",
    title: "A host belongs to one provider, and a model's name to one policy.",
    because:
      "Whether PHI may go is looked up by host and by model; of two answers the wrong one would count some day.",
    check: (draft) => {
      const providers = externalProviders(draft);
      const hosts = providers.flatMap(({ path, value }) =>
        value.fqdns.map((fqdn, index) => ({ path: `${path}.fqdns[${String(index)}]`, value: fqdn })),
      );
      return [
        ...repeated(hosts).map(({ path, value, first }) => ({
          path,
          message: `Host ${value} is named at ${first} already.`,
          remedy: "Take one of the two out.",
        })),
        ...repeated(nativeModels(draft)).map(({ path, value, first }) => ({
          path,
          message: `Model ${value.slice(value.indexOf(" ") + 1)} is named at ${first} already.`,
          remedy: "Take one of the two out.",
        })),
        ...providers.flatMap((provider) =>
          repeated(
            modelsOf(provider.value).map(({ name }, index) => ({
              path: `${provider.path}.models[${String(index)}]`,
              value: name,
            })),
          ).map(({ path, value, first }) => ({
            path,
            message: `Model ${value} is named at ${first} already.`,
            remedy: "Take one of the two out.",
          })),
        ),
      ];
    },
  },
  {
    id: "BH-061",
    title: "A form of record numbers has at least four places for digits, and a name of its own.",
    because: "A shorter form would take ordinary numbers for a patient's, and refuse what is harmless.",
    check: (draft) =>
      draft.inspection.flatMap(({ path, value }) => {
        const formats = value.recordNumbers.map((format, index) => ({
          path: `${path}.recordNumbers[${String(index)}]`,
          value: format,
        }));
        return [
          ...formats.flatMap((format): readonly Breach[] => {
            const problem = formProblem(format.value.form);
            return problem === undefined
              ? []
              : [
                  {
                    path: `${format.path}.form`,
                    message: `\`${format.value.form}\` ${problem}.`,
                    remedy: "Write it with `9` for each digit and `A` for each letter, such as MRN-9999999.",
                  },
                ];
          }),
          ...formats
            .filter((format) => !policyNamePattern.test(format.value.id))
            .map((format) => ({
              path: `${format.path}.id`,
              message: `\`${format.value.id}\` is not lower-case words joined by underscores.`,
              remedy: "Rename it, as in `medical_record`.",
            })),
          ...repeated(formats.map((format) => ({ path: `${format.path}.id`, value: format.value.id }))).map(
            ({ path: at, value: id, first }) => ({
              path: at,
              message: `\`${id}\` is used at ${first} already.`,
              remedy: "Give it a name of its own.",
            }),
          ),
        ];
      }),
  },
];
