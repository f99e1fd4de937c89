import { zoneTag } from "../../../model/tag";
import { itemsOf, known, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node } from "../../stack-graph";
import { tagOf } from "../../zone-claims";
import type { SideChannel } from "../fact";

import { labelOf, platformOf, type AwsStack } from "./aws-stack";
import { matches } from "./iam-evaluation";
import { staysInPhi } from "./phi-destinations";
import { surest, type SideChannels, type Source } from "./side-channels";
import { referenceFinder } from "./text-references";

const planType = "aws:backup:plan";
const selectionType = "aws:backup:selection";
const vaultTypes = ["aws:backup:vault"] as const;

const lifecycleType = "aws:dlm:lifecyclepolicy";

/** Types from which facts about backups are drawn, besides vaults. */
export const backupTypes = [planType, selectionType, lifecycleType] as const;

const targetPath = ["rules", "targetVaultName"] as const;
const copyPath = ["rules", "copyActions", "destinationVaultArn"] as const;

function within(value: Reading<unknown>, key: string): Reading<unknown> {
  return memberReading(recordOf(value), key);
}

/** Whether a tag of a resource has a value, or may have: the value is a pattern where `isLike` says so. */
function hasTag(
  { graph }: AwsStack,
  node: Node,
  condition: Reading<unknown>,
  isLike: boolean,
): "always" | "never" | "sometimes" {
  const key = textOf(within(condition, "key"));
  const value = textOf(within(condition, "value"));
  const tag = key.kind === "known" ? tagOf(graph, node, key.value.replace(/^aws:ResourceTag\//i, "")) : key;
  if (tag.kind === "absent") {
    return "never";
  }
  if (tag.kind !== "known" || value.kind !== "known") {
    return "sometimes";
  }
  const isSame = isLike ? matches(value.value, tag.value, { ignoreCase: false }) : value.value === tag.value;
  return isSame ? "always" : "never";
}

/** Whether tags ask for the PHI zone by its own name, whatever is in it. */
function asksForPhi(condition: Reading<unknown>): boolean {
  const key = textOf(within(condition, "key"));
  const value = textOf(within(condition, "value"));
  return key.kind === "known" && key.value === zoneTag && value.kind === "known" && value.value === "phi";
}

/** Where backups of what is in the PHI zone are put and copied, if that is not certainly a vault of the zone. */
export class Backups {
  readonly #stack: AwsStack;
  readonly #channels: SideChannels;

  constructor(stack: AwsStack, channels: SideChannels) {
    this.#stack = stack;
    this.#channels = channels;
  }

  /** Whether the tags of a resource keep a selection from it for certain. */
  #isLeftOut(selection: Node, node: Node): boolean {
    const { graph } = this.#stack;
    const conditions = graph.read(selection, "conditions");
    const asked =
      conditions.kind === "known" && !Array.isArray(conditions.value) ? [conditions] : itemsOf(conditions);
    const unmet = (key: string, isLike: boolean, isNegated: boolean): boolean =>
      asked
        .flatMap((condition) => itemsOf(within(condition, key)))
        .some(
          (condition) => hasTag(this.#stack, node, condition, isLike) === (isNegated ? "always" : "never"),
        );
    const names = itemsOf(graph.read(selection, "notResources")).flatMap((item) => {
      const text = textOf(item);
      return text.kind === "known" ? [text.value] : [];
    });
    return (
      unmet("stringEquals", false, false) ||
      unmet("stringLikes", true, false) ||
      unmet("stringNotEquals", false, true) ||
      unmet("stringNotLikes", true, true) ||
      names.some((name) => graph.bearers(name).some((bearer) => bearer.node === node && bearer.isCertain))
    );
  }

  /** What of the PHI zone a selection takes in, or may. */
  #selected(selection: Node): Source | undefined {
    const { graph } = this.#stack;
    const resources = graph.read(selection, "resources");
    const tags = graph.read(selection, "selectionTags");
    const candidates = this.#channels.phi.filter((node) => !this.#isLeftOut(selection, node));
    const [first] = candidates;
    const certainly = (node: Node | undefined): Source | undefined =>
      node === undefined ? undefined : { label: labelOf(node), node, assumption: undefined };
    // A selection that names nothing takes in whatever can be backed up (AWS Backup API, `BackupSelection`).
    if (resources.kind === "absent" && tags.kind === "absent") {
      return certainly(first);
    }
    const named = itemsOf(resources).flatMap((item): readonly (Source | undefined)[] => {
      const text = textOf(item);
      if (text.kind !== "known") {
        return [this.#channels.phiIn(selection, ["resources"], item)];
      }
      const mentions = (node: Node): boolean => referenceFinder(graph, [node])([text.value]) !== undefined;
      return [
        certainly(text.value === "*" ? first : candidates.find(mentions)) ?? this.#possibly(selection, item),
      ];
    });
    const tagged = itemsOf(tags).map((condition) => {
      const how = candidates.map((node) => ({ node, has: hasTag(this.#stack, node, condition, false) }));
      const always = how.find(({ has }) => has === "always")?.node;
      const sometimes = how.find(({ has }) => has === "sometimes")?.node;
      return (
        certainly(always ?? (asksForPhi(condition) ? first : undefined)) ??
        (sometimes === undefined
          ? undefined
          : { label: labelOf(sometimes), node: sometimes, assumption: "`selectionTags` is not known" })
      );
    });
    return surest([...named, ...tagged].flatMap((source) => source ?? []));
  }

  /** What a text that names nothing in the PHI zone may name all the same. */
  #possibly(selection: Node, item: Reading<unknown>): Source | undefined {
    const found = this.#channels.phiIn(selection, ["resources"], item);
    return found?.assumption === undefined ? undefined : found;
  }

  /** What of the PHI zone a plan backs up, by the selections that name it. */
  #ofPlan(plan: Node): Source | undefined {
    const { graph, zones } = this.#stack;
    const selected = graph.ofType(selectionType).flatMap((selection) => {
      const source = this.#selected(selection);
      return source !== undefined &&
        graph
          .referents(selection, "planId", [planType])
          .some((to) => to.kind === "undetermined" || (to.kind === "resource" && to.node === plan))
        ? [source]
        : [];
    });
    return zones.of(plan.urn) === "phi"
      ? { label: labelOf(plan), node: plan, assumption: undefined }
      : surest(selected);
  }

  channels(): readonly SideChannel[] {
    const { graph } = this.#stack;
    return [
      ...graph.ofType(planType).flatMap((plan) => this.#ofRules(plan)),
      ...graph.ofType(selectionType).flatMap((selection) => this.#ofUnknownPlan(selection)),
      ...graph.ofType(lifecycleType).flatMap((policy) => this.#ofLifecycle(policy)),
    ];
  }

  /** Snapshots of disks that are made by their tags, and copied or shared. */
  #ofLifecycle(policy: Node): readonly SideChannel[] {
    const details = this.#stack.graph.read(policy, "policyDetails");
    const tags = recordOf(within(details, "targetTags"));
    const asked = Object.entries(tags.kind === "known" ? tags.value : {}).map(([key, value]) =>
      known({ key, value }),
    );
    const [first] = this.#channels.phi;
    const meant =
      tags.kind !== "known" || asked.some(asksForPhi)
        ? first
        : this.#channels.phi.find((node) =>
            asked.some((condition) => hasTag(this.#stack, node, condition, false) !== "never"),
          );
    const schedules = itemsOf(within(details, "schedules"));
    const ways = [
      ...schedules.flatMap((schedule) => [
        within(schedule, "crossRegionCopyRules"),
        within(schedule, "shareRule"),
      ]),
      within(within(details, "action"), "crossRegionCopies"),
    ].filter(
      (way) =>
        way.kind === "unknown" ||
        (way.kind === "known" && !(Array.isArray(way.value) && way.value.length === 0)),
    );
    const [way] = ways;
    return meant === undefined || way === undefined
      ? []
      : [
          this.#channel(
            policy,
            { label: labelOf(meant), node: meant, assumption: undefined },
            "its disks are snapshot, and the snapshots copied to another region or shared",
            ways.every(({ kind }) => kind === "unknown") ? "`policyDetails` is not known" : undefined,
          ),
        ];
  }

  #channel(node: Node, source: Source, what: string, assumption: string | undefined): SideChannel {
    return {
      urn: node.urn,
      label: labelOf(node),
      zone: "phi",
      platform: platformOf(this.#stack, node),
      what: `${source.label}: ${what}`,
      assumption: source.assumption ?? assumption,
      remedy: "Name vaults of the stack that are in the PHI zone, for backups and for copies of them.",
      isGuiltyAlone: false,
    };
  }

  #ofRules(plan: Node): readonly SideChannel[] {
    const ofPlan = this.#ofPlan(plan);
    return itemsOf(this.#stack.graph.read(plan, "rules")).flatMap((rule) => {
      const target = within(rule, "targetVaultName");
      const copies = [
        ...itemsOf(within(rule, "copyActions")).map((copy) => within(copy, "destinationVaultArn")),
        within(rule, "targetLogicallyAirGappedBackupVaultArn"),
      ];
      const ofVault = this.#channels.phiIn(plan, targetPath, target, vaultTypes);
      const leaving = (vaults: readonly Reading<unknown>[]): readonly Reading<string>[] =>
        vaults
          .map(textOf)
          .filter(
            (vault) =>
              vault.kind !== "absent" &&
              !staysInPhi(this.#stack, plan, { paths: [targetPath, copyPath], types: vaultTypes }, vault),
          );
      const found = (source: Source | undefined, vaults: readonly Reading<unknown>[], what: string) =>
        source === undefined
          ? []
          : leaving(vaults).map((vault) =>
              this.#channel(
                plan,
                source,
                `${what}${vault.kind === "known" ? ` (${vault.value})` : ""}`,
                vault.kind === "known" ? undefined : "`rules` is not known",
              ),
            );
      return [
        ...found(ofPlan, [target], "backups of it are put into a vault that is not in the PHI zone"),
        ...found(
          surest([ofPlan, ofVault].flatMap((source) => source ?? [])),
          copies,
          "backups of it are copied to a vault that is not in the PHI zone",
        ),
      ];
    });
  }

  /** A selection for a plan that is not of the stack, so that where the backups go is not known. */
  #ofUnknownPlan(selection: Node): readonly SideChannel[] {
    const source = this.#selected(selection);
    const plans = this.#stack.graph.referents(selection, "planId", [planType]);
    return source === undefined || (plans.length > 0 && plans.every(({ kind }) => kind === "resource"))
      ? []
      : [
          this.#channel(
            selection,
            source,
            "it is backed up by a plan that is not of the stack",
            "where that plan puts backups",
          ),
        ];
  }
}
