import type { ResourceType } from "../../resource-type";
import { at, type PropertyPath } from "../property-path";
import type { Setting } from "../setting";

export { mayBe, mayNot, mayNotBe, must } from "../setting";

/** Where what is read goes. What is not set is no way out. */
export type Exit =
  /** A resource of the stack, or what is read leaves. */
  | {
      readonly kind: "resource";
      readonly path: PropertyPath;
      /** What it can be; anything that holds something, where nothing is said. */
      readonly types?: readonly ResourceType[];
      /** Whether it is named by an id, or by its name alone. */
      readonly by: "id" | "name";
      /** Whether it has to be in the PHI zone, or may be anywhere in the stack, because it is judged by itself. */
      readonly where: "phi" | "stack";
      /** What of it may be anywhere in the stack, of what is not in the PHI zone itself: it is judged by itself. */
      readonly keepers?: readonly ResourceType[];
    }
  /** A subnet: of the PHI zone, or what is read leaves. */
  | { readonly kind: "subnet"; readonly path: PropertyPath }
  /** A region: that of the resource itself, or what is read leaves. */
  | { readonly kind: "region"; readonly path: PropertyPath }
  /** A setting without which what is read leaves. */
  | { readonly kind: "setting"; readonly setting: Setting }
  /** The resource itself: in the PHI zone, or what is read leaves. */
  | { readonly kind: "itself" }
  /** Out, whatever is set. */
  | { readonly kind: "out" };

/** A property that names what is read. */
export interface Read {
  readonly path: PropertyPath;
  /** What it can name; anything that holds something, where nothing is said. */
  readonly types?: readonly ResourceType[];
  /** Whether it names it by an id, by its name alone, or by a scope, which may hold others. */
  readonly by: "id" | "name" | "scope";
}

/** How what a store holds leaves by a type of resource. */
export interface SideChannelType {
  /** What happens to what is read. Settings say it by themselves. */
  readonly what: string;
  readonly remedy: string;
  /** What it is a part of, whose zone it takes and which it reads. */
  readonly partOf?: Read;
  /** What it reads besides; nothing, where it is read itself. */
  readonly reads: readonly Read[];
  readonly exits: readonly Exit[];
  /** Whether it holds what it reads, or stands for it, and so is in its zone: a snapshot, the topic of a store's events. */
  readonly takesZone?: true;
  /** Whether it reads whatever else it refers to. */
  readonly readsAnything?: true;
  /** Whether it is held to the same elsewhere than in the PHI zone, because what it serves is told PHI. */
  readonly isHeldEverywhere?: true;
  /** Whether what is read goes somewhere that is not known where no exit is set. */
  readonly needsExit?: true;
}

function ofTypes(types: readonly ResourceType[]): { readonly types?: readonly ResourceType[] } {
  return types.length === 0 ? {} : { types };
}

/** A property that names what is read by its id. */
export function reads(path: string, ...types: readonly ResourceType[]): Read {
  return { path: at(path), by: "id", ...ofTypes(types) };
}

/** A property that names what is read by its name. */
export function readsNamed(path: string, ...types: readonly ResourceType[]): Read {
  return { path: at(path), by: "name", ...ofTypes(types) };
}

/** A property that says in which scope is what is read. */
export function readsScope(path: string): Read {
  return { path: at(path), by: "scope" };
}

/** A resource of the PHI zone, by its id. */
export function to(path: string, ...types: readonly ResourceType[]): Exit {
  return { kind: "resource", path: at(path), by: "id", where: "phi", ...ofTypes(types) };
}

/** A resource of the PHI zone, by its name. */
export function toNamed(path: string, ...types: readonly ResourceType[]): Exit {
  return { kind: "resource", path: at(path), by: "name", where: "phi", ...ofTypes(types) };
}

/** A resource of the stack, by its id, which is judged by itself. */
export function toOwn(path: string, ...types: readonly ResourceType[]): Exit {
  return { kind: "resource", path: at(path), by: "id", where: "stack", ...ofTypes(types) };
}

/** A resource of the PHI zone, by its id; of what is elsewhere and holds logs of the zone, also a keeper in the stack. */
export function toKeeper(
  path: string,
  {
    others,
    keepers,
  }: { readonly others: readonly ResourceType[]; readonly keepers: readonly ResourceType[] },
): Exit {
  return {
    kind: "resource",
    path: at(path),
    by: "id",
    where: "phi",
    types: [...others, ...keepers],
    keepers,
  };
}

export function toSubnet(path: string): Exit {
  return { kind: "subnet", path: at(path) };
}

export function toRegion(path: string): Exit {
  return { kind: "region", path: at(path) };
}

export const itself: Exit = { kind: "itself" };
export const out: Exit = { kind: "out" };

/** Settings as exits. */
export function unless(...settings: readonly Setting[]): readonly Exit[] {
  return settings.map((setting) => ({ kind: "setting", setting }));
}

const closed = "Take it away, or let it lead to a resource of the stack in the PHI zone.";
const inside = "Put it into the PHI zone.";

/** A store that keeps what it holds, unless a setting says otherwise. */
export function store(...exits: readonly Exit[]): SideChannelType {
  return { what: "it sends what it holds elsewhere", remedy: closed, reads: [], exits };
}

/** A part of a store, by which what it holds leaves. */
export function part(what: string, of: Read, ...exits: readonly Exit[]): SideChannelType {
  return { what, remedy: closed, partOf: of, reads: [], exits };
}

/** Something that sends on what it reads. */
export function channel(what: string, from: readonly Read[], ...exits: readonly Exit[]): SideChannelType {
  return { what, remedy: closed, reads: from, exits };
}

/** A copy, or a restored one: in the PHI zone, or what it was made from has left. */
export function copy(what: string, from: readonly Read[], ...exits: readonly Exit[]): SideChannelType {
  return { what, remedy: inside, reads: from, exits: [itself, ...exits] };
}

/** Something that holds what it reads, or stands for it, and so is in its zone. */
export function pointer(what: string, from: readonly Read[], ...exits: readonly Exit[]): SideChannelType {
  return { ...channel(what, from, ...exits), takesZone: true };
}

/** Something of which nobody knows where it sends whatever it refers to. */
export function pipeline(what: string, ...from: readonly Read[]): SideChannelType {
  return { ...channel(what, from, out), readsAnything: true };
}
