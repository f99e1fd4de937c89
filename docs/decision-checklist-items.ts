import type { ChecklistItem } from "./checklist-items";

const rules = ["requests-are-decided"] as const;

/** Every way past the decision point that the judge looks for, in configurations of Envoy first. */
export const decisionChecklistItems: readonly ChecklistItem[] = [
  {
    id: "D-01",
    what: "Nobody is asked: no filter, one after the router, one that is off, optional or told by others, a way in beside it",
    rules,
    leftOut: "A filter that a matcher may leave out is taken for none.",
  },
  { id: "D-02", what: "What lets requests through where nobody answers", rules, leftOut: "" },
  {
    id: "D-03",
    what: "Some requests only: a share, a condition, what the runtime says",
    rules,
    leftOut: "That `deny_at_disable` denies the others is not believed: it has a key of the runtime, always.",
  },
  {
    id: "D-04",
    what: "Routes, hosts and configurations of routes that take the filter away",
    rules,
    leftOut: "",
  },
  { id: "D-05", what: "Requests that go on with another protocol", rules, leftOut: "" },
  {
    id: "D-06",
    what: "Somebody else than the decision point is asked",
    rules,
    leftOut: "On a stack that no platform of ours is in, whoever is asked counts.",
  },
  { id: "D-07", what: "Answers that are no decision about the very request", rules, leftOut: "" },
  {
    id: "D-08",
    what: "What an entrance believes of its callers: headers of the platform's own, and addresses",
    rules,
    leftOut: "Judged on a platform of ours alone: elsewhere nothing says who is a witness.",
  },
  {
    id: "D-09",
    what: "Access documents that are not known, differ, or say something else than the platform declares",
    rules,
    leftOut:
      "Policies of the hospital's own are compared with what the document says of them, and not evaluated.",
  },
  {
    id: "D-10",
    what: "Istio: policies of another action, place, port or selection, that leave requests out, or whose provider fails open or is another",
    rules,
    leftOut:
      "Where the stack shows neither Istio's ConfigMap nor its chart, the provider is taken for what its name says; Istio itself refuses all requests of a provider that it does not know.",
  },
  {
    id: "D-11",
    what: "Google's load balancers: extensions that fail open, and policies that leave requests out",
    rules,
    leftOut: "Advice, as on any stack without a platform of ours: ours asks beside the program.",
  },
];
