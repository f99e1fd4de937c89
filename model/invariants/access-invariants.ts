import {
  asGranted,
  decisionPointId,
  toolGatewayId,
  toolPath,
  type AccessPolicyDocument,
  type NetworkLocation,
} from "../access-policy";
import { overlaps, parseCidr, type Cidr } from "../cidr";
import type { Breach } from "../finding";
import { policyNamePattern } from "../name";
import { tokenKeyProblem } from "../token-key-problem";
import type { WorkloadDocument } from "../workload";

import type { Draft, Invariant } from "./draft";

/**
 * Whole segments of unreserved characters (RFC 3986 §2.3), at least one, none of them dots alone: only such a path has one
 * spelling.
 */
const pathPattern = /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)+$/;

/** The shortest prefixes of networks that belong to one organisation. */
const shortestPrefix = { ipv4: 8, ipv6: 16 } as const;

/** What is wrong with a workload that something of the access policy names, or nothing. */
function workloadProblem(
  { workloads, namesAreComplete }: Draft,
  id: string,
  fits: (workload: WorkloadDocument) => boolean,
  otherwise: string,
): string | undefined {
  const found = workloads.find(({ value }) => value.id === id)?.value;
  if (found === undefined) {
    return namesAreComplete ? "which is not declared" : undefined;
  }
  return fits(found) ? undefined : otherwise;
}

/** The ids of the workloads that the load balancer forwards to. */
function entrancesOf({ flows }: Draft): ReadonlySet<string> {
  return new Set(
    flows.flatMap(({ from, to }) => (from.kind === "load-balancer" && to.kind === "workload" ? [to.id] : [])),
  );
}

/** Whether a decision is asked for before a tool of a workload is called. */
function isAskedAbout(routes: AccessPolicyDocument["routes"], server: string): boolean {
  return routes.some(({ at, path }) => at === server && path === toolPath);
}

/** A workload that has to reach another, and what in the file makes it so. */
interface NeededFlow {
  readonly path: string;
  readonly from: string;
  readonly to: string;
  readonly because: string;
}

function flowsNeededFor(path: string, access: AccessPolicyDocument): readonly NeededFlow[] {
  const servers = new Map(access.tools.map(({ id, server }) => [id, server]));
  const calling = access.agents
    .map((agent, index) => ({ agent, path: `${path}.agents[${String(index)}]` }))
    .filter(({ agent }) => agent.tools.length > 0);
  return [
    ...access.routes.map(({ at }, index) => ({
      path: `${path}.routes[${String(index)}].at`,
      from: at,
      to: decisionPointId,
      because: "asks for decisions",
    })),
    ...calling.map(({ agent, path: at }) => ({
      path: `${at}.workload`,
      from: agent.workload,
      to: toolGatewayId,
      because: "calls tools",
    })),
    ...calling.slice(0, 1).map(({ path: at }) => ({
      path: `${at}.tools`,
      from: toolGatewayId,
      to: decisionPointId,
      because: "asks for decisions",
    })),
    ...calling.flatMap(({ agent, path: at }) =>
      agent.tools.flatMap((grant, index) => {
        const server = servers.get(grant.id);
        return server === undefined
          ? []
          : [
              {
                path: `${at}.tools[${String(index)}].id`,
                from: toolGatewayId,
                to: server,
                because: `forwards calls of \`${grant.id}\``,
              },
            ];
      }),
    ),
  ];
}

interface PlacedNetwork {
  readonly path: string;
  readonly label: string;
  readonly cidr: Cidr;
}

function placedNetworks(path: string, access: AccessPolicyDocument): readonly PlacedNetwork[] {
  return access.networks.flatMap(({ location, addresses }, index) =>
    addresses.flatMap((text, at): readonly PlacedNetwork[] => {
      const cidr = parseCidr(text);
      return cidr === undefined
        ? []
        : [{ path: `${path}.networks[${String(index)}].addresses[${String(at)}]`, label: location, cidr }];
    }),
  );
}

function misreadNetworks(
  path: string,
  networks: readonly { readonly location: NetworkLocation; readonly addresses: readonly string[] }[],
): readonly Breach[] {
  return networks.flatMap(({ addresses }, index) =>
    addresses.flatMap((text, at): readonly Breach[] => {
      const cidr = parseCidr(text);
      const place = `${path}.networks[${String(index)}].addresses[${String(at)}]`;
      if (cidr === undefined) {
        return [
          {
            path: place,
            message: `\`${text}\` is not a block in CIDR notation without host bits.`,
            remedy:
              "Write the first address of the block and the length of its prefix, such as 192.0.2.0/24.",
          },
        ];
      }
      const shortest = shortestPrefix[cidr.family];
      return cidr.prefixLength >= shortest
        ? []
        : [
            {
              path: place,
              message: `${cidr.text} is wider than any network of one organisation.`,
              remedy: `Write the blocks that are the hospital's, each of /${String(shortest)} or longer.`,
            },
          ];
    }),
  );
}

/** Who asks for decisions, who acts for users, and by whom users are known. */
export const accessInvariants: readonly Invariant[] = [
  {
    id: "BH-050",
    title: "Each agent is a processing workload of its own.",
    because:
      "An agent is known by its workload's SPIFFE ID alone: two agents with one workload would have each other's tools, and what the Internet reaches would act for whoever got into it.",
    check: (draft) =>
      draft.access.flatMap(({ path, value }) => {
        const firstAt = new Map<string, string>();
        return value.agents.flatMap(({ id, workload }, index): readonly Breach[] => {
          const at = `${path}.agents[${String(index)}].workload`;
          const first = firstAt.get(workload);
          firstAt.set(workload, first ?? at);
          const problem = workloadProblem(
            draft,
            workload,
            (found) => found.zone === "processing" && ![decisionPointId, toolGatewayId].includes(workload),
            "which cannot be an agent",
          );
          return [
            ...(problem === undefined
              ? []
              : [
                  {
                    path: at,
                    message: `Agent ${id} is the workload \`${workload}\`, ${problem}.`,
                    remedy: `Name a workload of the processing zone, other than ${decisionPointId} and ${toolGatewayId}.`,
                  },
                ]),
            ...(first === undefined
              ? []
              : [
                  {
                    path: at,
                    message: `\`${workload}\` is another agent already, at ${first}.`,
                    remedy: "Run each agent as a workload of its own.",
                  },
                ]),
          ];
        });
      }),
  },
  {
    id: "BH-051",
    title: "Agents are granted tools that a workload offers, as what these are.",
    because:
      "A misspelt tool would be granted to nobody and be missed late; a limit that no argument carries, or a grant to read what writes, would promise what cannot be kept.",
    check: (draft) =>
      draft.access.flatMap(({ path, value }) => {
        const tools = new Map(value.tools.map((tool) => [tool.id, tool]));
        const known = value.tools.map(({ id }) => id).join(", ");
        return [
          ...value.tools.flatMap(
            ({ id, server, patientArgument, rowsArgument }, index): readonly Breach[] => {
              const at = `${path}.tools[${String(index)}]`;
              const problem = workloadProblem(
                draft,
                server,
                (found) => found.zone === "processing" && ![decisionPointId, toolGatewayId].includes(server),
                "which cannot offer tools",
              );
              return [
                ...(problem === undefined
                  ? []
                  : [
                      {
                        path: `${at}.server`,
                        message: `Tool ${id} is offered by \`${server}\`, ${problem}.`,
                        remedy: `Name a workload of the processing zone, other than ${decisionPointId} and ${toolGatewayId}.`,
                      },
                    ]),
                ...(problem !== undefined || isAskedAbout(value.routes, server)
                  ? []
                  : [
                      {
                        path: `${at}.server`,
                        message: `Tool ${id} is offered by \`${server}\`, which asks for no decision about ${toolPath}: whoever may call it could call the tool without ${toolGatewayId}.`,
                        remedy: `Add the route {at: ${server}, path: ${toolPath}, resource: ${asGranted}, action: call}, and routes for what else it answers.`,
                      },
                    ]),
                ...(patientArgument !== undefined && patientArgument === rowsArgument
                  ? [
                      {
                        path: `${at}.rowsArgument`,
                        message: `The argument \`${rowsArgument}\` of tool ${id} names the patient already.`,
                        remedy: "Name the argument that says how many rows are asked for.",
                      },
                    ]
                  : []),
              ];
            },
          ),
          ...value.agents.flatMap((agent, index) =>
            agent.tools.flatMap((grant, place): readonly Breach[] => {
              const at = `${path}.agents[${String(index)}].tools[${String(place)}]`;
              const tool = tools.get(grant.id);
              if (tool === undefined) {
                return [
                  {
                    path: `${at}.id`,
                    message: `Agent ${agent.id} is granted \`${grant.id}\`, which is no tool.`,
                    remedy: `Declare it in access.tools, or use a tool that is: ${known === "" ? "none is declared" : known}.`,
                  },
                ];
              }
              return [
                ...(tool.access === "write" && grant.access === "read"
                  ? [
                      {
                        path: `${at}.access`,
                        message: `Tool ${tool.id} writes, and agent ${agent.id} is granted to read.`,
                        remedy: "Write `access: write`, or take the grant out.",
                      },
                    ]
                  : []),
                ...(grant.mostRows !== undefined && tool.rowsArgument === undefined
                  ? [
                      {
                        path: `${at}.mostRows`,
                        message: `Tool ${tool.id} is not told how many rows are asked for.`,
                        remedy: "Name the argument in the tool's `rowsArgument`, or leave `mostRows` out.",
                      },
                    ]
                  : []),
              ];
            }),
          ),
        ];
      }),
  },
  {
    id: "BH-052",
    title: "Each route is one path of a workload, and leads to a resource that somebody may use.",
    because:
      "A path that can be spelt in two ways, or that two routes name, is decided as one thing and served as another; and where the Internet enters nothing has been granted yet.",
    check: (draft) => {
      const entrances = entrancesOf(draft);
      return draft.access.flatMap(({ path, value }) => {
        const resources = new Set(value.roles.flatMap((role) => role.resources));
        const firstAt = new Map<string, string>();
        return value.routes.flatMap((route, index): readonly Breach[] => {
          const at = `${path}.routes[${String(index)}]`;
          const key = `${route.at} ${route.path}`;
          const first = firstAt.get(key);
          firstAt.set(key, first ?? at);
          const problem = workloadProblem(
            draft,
            route.at,
            (found) => found.id !== decisionPointId,
            "which decides, and cannot ask itself",
          );
          return [
            ...(problem === undefined
              ? []
              : [
                  {
                    path: `${at}.at`,
                    message: `The route is at \`${route.at}\`, ${problem}.`,
                    remedy: "Name the workload that serves the path.",
                  },
                ]),
            ...(pathPattern.test(route.path)
              ? []
              : [
                  {
                    path: `${at}.path`,
                    message: `\`${route.path}\` is not a path of whole segments that has one spelling.`,
                    remedy:
                      "Begin with a slash, end without one, and use letters, digits and `-._~` between, as in /v1/clinical-rag.",
                  },
                ]),
            ...(first === undefined
              ? []
              : [
                  {
                    path: `${at}.path`,
                    message: `\`${route.path}\` of ${route.at} has a route already, at ${first}.`,
                    remedy: "Take one of the two out.",
                  },
                ]),
            ...(route.resource === asGranted
              ? entrances.has(route.at)
                ? [
                    {
                      path: `${at}.resource`,
                      message: `Nothing has been granted yet where the load balancer forwards to, at ${route.at}.`,
                      remedy: "Name the resource that the path stands for.",
                    },
                  ]
                : []
              : resources.has(route.resource)
                ? []
                : [
                    {
                      path: `${at}.resource`,
                      message: `\`${route.resource}\` is a resource of no role.`,
                      remedy: `Use \`${asGranted}\`, or a resource that a role may use: ${[...resources].join(", ")}.`,
                    },
                  ]),
            ...(policyNamePattern.test(route.action)
              ? []
              : [
                  {
                    path: `${at}.action`,
                    message: `\`${route.action}\` is not lower-case words joined by underscores.`,
                    remedy: "Write a word such as `use`.",
                  },
                ]),
          ];
        });
      });
    },
  },
  {
    id: "BH-053",
    title: "Every gateway workload that calls another asks for decisions first.",
    because:
      "All that the Internet sends comes through these; a request that passes one without a decision is decided nowhere (NIST SP 800-207 §2.1, tenets 3 and 6).",
    check: (draft) =>
      draft.access.flatMap(({ path, value }) => {
        const asking = new Set(value.routes.map(({ at }) => at));
        const calling = draft.flows.flatMap(({ from, to }) =>
          from.kind === "workload" &&
          from.zone === "gateway" &&
          to.kind === "workload" &&
          to.id !== decisionPointId
            ? [from.id]
            : [],
        );
        return [...new Set(calling)]
          .filter((id) => !asking.has(id))
          .map((id) => ({
            path: `${path}.routes`,
            message: `${id} calls other workloads and has no route, so that no request through it is decided.`,
            remedy: `Add a route for each path of ${id}, and a flow from it to workload/${decisionPointId}.`,
          }));
      }),
  },
  {
    id: "BH-054",
    title: "An identity provider is declared where anything is asked about, with keys that verify.",
    because:
      "Who asks is known by a token that one of these keys verifies, and by nothing else; a key that fits no algorithm, or a name that two keys have, would be noticed when nobody can sign in.",
    check: (draft) =>
      draft.access.flatMap(({ path, value }): readonly Breach[] => {
        const { identityProvider } = value;
        const at = `${path}.identityProvider`;
        if (identityProvider === undefined) {
          return value.routes.length === 0
            ? []
            : [
                {
                  path: at,
                  message: "Routes ask who a clinician is, and nobody says so.",
                  remedy: "Declare the identity provider: its issuer, audience and public keys.",
                },
              ];
        }
        const firstAt = new Map<string, string>();
        const claimedBy = new Map<string, string>();
        return [
          ...identityProvider.keys.flatMap((key, index): readonly Breach[] => {
            const place = `${at}.keys[${String(index)}]`;
            const first = firstAt.get(key.kid);
            firstAt.set(key.kid, first ?? place);
            const problem = tokenKeyProblem(key);
            return [
              ...(problem === undefined
                ? []
                : [
                    {
                      path: place,
                      message: `Key \`${key.kid}\` ${problem}.`,
                      remedy:
                        "Copy the key from the provider's JSON Web Key Set, all of its public parameters.",
                    },
                  ]),
              ...(first === undefined
                ? []
                : [
                    {
                      path: `${place}.kid`,
                      message: `\`${key.kid}\` is the name of ${first} already.`,
                      remedy: "Take one of the two out.",
                    },
                  ]),
            ];
          }),
          ...(["role", "device", "patient"] as const).flatMap((what): readonly Breach[] => {
            const claim = identityProvider.claims[what];
            const first = claimedBy.get(claim);
            claimedBy.set(claim, first ?? what);
            return first === undefined
              ? []
              : [
                  {
                    path: `${at}.claims.${what}`,
                    message: `The claim \`${claim}\` says the ${first} already.`,
                    remedy: "Name a claim of its own.",
                  },
                ];
          }),
        ];
      }),
  },
  {
    id: "BH-055",
    title: "Whoever asks for decisions, calls tools or forwards calls of them has the flow for it.",
    because:
      "Without a flow nothing is reached: each request would be denied, and each tool call fail. Agents reach tools through the gateway of tools, which asks before each call.",
    check: (draft) => {
      if (!draft.flowsAreComplete) {
        return [];
      }
      const declared = new Set(draft.workloads.map(({ value }) => value.id));
      const flowing = new Set(
        draft.flows.flatMap(({ from, to }) =>
          from.kind === "workload" && to.kind === "workload" ? [`${from.id} ${to.id}`] : [],
        ),
      );
      return draft.access.flatMap(({ path, value }) => {
        const asked = new Set<string>();
        return flowsNeededFor(path, value).flatMap((needed): readonly Breach[] => {
          const { from, to } = needed;
          const key = `${from} ${to}`;
          // What is not declared, or would call itself, has a finding of its own.
          if (
            flowing.has(key) ||
            asked.has(key) ||
            from === to ||
            (!declared.has(from) && from !== toolGatewayId)
          ) {
            return [];
          }
          asked.add(key);
          return [
            {
              path: needed.path,
              message: `${from} ${needed.because}, and has no flow to ${to}.`,
              remedy: `Add the flow from workload/${from} to workload/${to}${declared.has(to) ? "" : `, and the workload ${to} to the processing zone`}.`,
            },
          ];
        });
      });
    },
  },
  {
    id: "BH-056",
    title: "Networks of the hospital's are blocks of addresses that are its own, each once.",
    because:
      "An address in two networks comes from either; a block as wide as the Internet makes everybody a colleague, and one with the platform's own addresses makes one of every request whose sender is lost on the way.",
    check: (draft) =>
      draft.access.flatMap(({ path, value }) => {
        const placed = placedNetworks(path, value);
        const own = draft.addressSpace.flatMap((space) => parseCidr(space.value) ?? []);
        return [
          ...misreadNetworks(path, value.networks),
          ...placed.flatMap((later, index) =>
            placed
              .slice(0, index)
              .filter((earlier) => overlaps(earlier.cidr, later.cidr))
              .map((earlier) => ({
                path: later.path,
                message: `${later.cidr.text}, of ${later.label}, overlaps ${earlier.cidr.text}, of ${earlier.label}.`,
                remedy: "Give each address one location.",
              })),
          ),
          ...placed.flatMap((network) =>
            own
              .filter((space) => overlaps(space, network.cidr))
              .map((space) => ({
                path: network.path,
                message: `${network.cidr.text}, of ${network.label}, overlaps the platform's own ${space.text}.`,
                remedy: "Name the addresses from which requests reach the load balancer.",
              })),
          ),
        ];
      }),
  },
];
