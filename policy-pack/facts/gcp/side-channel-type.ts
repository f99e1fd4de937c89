import type { ResourceType } from "../../resource-type";
import { at, type PropertyPath } from "../property-path";
import type { Setting } from "../setting";

export { mayBe, mayNot, mayNotBe, must } from "../setting";

/** Where what is told as a project and a name apart is told: keys of the mapping at the path. */
export interface Told {
  readonly project: string;
  readonly name: string;
}

/** Where what is read goes. What is not set is no way out. */
export type Exit =
  /** A resource, or a project: of the PHI zone, or what is read leaves. */
  | {
      readonly kind: "resource";
      readonly path: PropertyPath;
      /** What it can be; anything that holds something, where nothing is said. */
      readonly types?: readonly ResourceType[];
      readonly told?: Told;
      /** Types of which one in any zone of the stack is enough, because it is judged by itself. */
      readonly ownTypes?: readonly ResourceType[];
    }
  /** Whatever a text, or the texts in a mapping, name or give the address of: of the PHI zone, or what is read leaves. */
  | { readonly kind: "mentioned"; readonly path: PropertyPath }
  /** Projects that connect to it: of the PHI zone, or of processing, which asks it; or what is read leaves. */
  | { readonly kind: "callers"; readonly path: PropertyPath; readonly types: readonly ResourceType[] }
  /** A region: that of the resource itself, or what is read leaves. */
  | { readonly kind: "region"; readonly path: PropertyPath }
  /** Places, such as the zones of clusters: all in one region, or what is read leaves. */
  | { readonly kind: "together"; readonly path: PropertyPath }
  /** A text of one shape, or what is read leaves. */
  | {
      readonly kind: "shape";
      readonly path: PropertyPath;
      readonly right: RegExp;
      readonly what: string;
      readonly remedy: string;
      /** What it has to be set with. */
      readonly neededWith?: PropertyPath;
    }
  /** A setting without which what is read leaves. */
  | { readonly kind: "setting"; readonly setting: Setting }
  /** The resource itself: in the PHI zone, or in the project of what it reads, or what is read leaves. */
  | { readonly kind: "itself" }
  /** Out, whatever is set. */
  | { readonly kind: "out" };

/** A property that names what is read. */
export interface Read {
  readonly path: PropertyPath;
  /** What it can name; anything that holds something, where nothing is said. */
  readonly types?: readonly ResourceType[];
  readonly told?: Told;
  /** Whether it speaks of what is read, in a query or a list of parameters, and does not name it alone. */
  readonly isSpoken?: true;
}

/** How what a store holds leaves by a type of resource. */
export interface SideChannelType {
  /** What happens to what is read. Settings say it by themselves. */
  readonly what: string;
  readonly remedy: string;
  /** What it is a part of, whose zone it takes where it is in the same project, and which it reads. */
  readonly partOf?: Read;
  /** What it reads besides; nothing, where it is read itself. */
  readonly reads: readonly Read[];
  readonly exits: readonly Exit[];
  /** Whether it reads whatever else it refers to. */
  readonly readsAnything?: true;
  /** The property that says where it sends what it reads, and nothing of what that is. */
  readonly sendsBy?: string;
  /** A flag that, where it is certainly set, lets it do nothing. */
  readonly isOffBy?: PropertyPath;
  /** Whether it reads whatever is in its project. */
  readonly readsProject?: true;
  /** Flags that let it read what is in the projects below; one that is not certainly off does. */
  readonly readsAllIf?: readonly PropertyPath[];
  /** Whether it is held to the same elsewhere than in the PHI zone, because what it serves is told PHI. */
  readonly isHeldEverywhere?: true;
  /** Whether what is read goes somewhere that is not known where no exit is set. */
  readonly needsExit?: true;
  /** Whether no platform of ours has one in its PHI zone, wherever it leads. */
  readonly isRefusedOnPlatform?: true;
}

function ofTypes(types: readonly ResourceType[]): { readonly types?: readonly ResourceType[] } {
  return types.length === 0 ? {} : { types };
}

/** A property that names what is read. */
export function reads(path: string, ...types: readonly ResourceType[]): Read {
  return { path: at(path), ...ofTypes(types) };
}

/** A mapping that names what is read by its project and its name. */
export function readsTold(path: string, told: Told, ...types: readonly ResourceType[]): Read {
  return { path: at(path), told, ...ofTypes(types) };
}

/** A text, or a mapping of texts, that speaks of what is read. */
export function readsSpoken(path: string): Read {
  return { path: at(path), isSpoken: true };
}

/** A resource or a project of the PHI zone. */
export function to(path: string, ...types: readonly ResourceType[]): Exit {
  return { kind: "resource", path: at(path), ...ofTypes(types) };
}

/** A resource of the PHI zone, by its project and its name. */
export function toTold(path: string, told: Told, ...types: readonly ResourceType[]): Exit {
  return { kind: "resource", path: at(path), told, ...ofTypes(types) };
}

/** A resource of the PHI zone, or one of some types that is judged by itself. */
export function toOwn(
  path: string,
  ownTypes: readonly ResourceType[],
  ...types: readonly ResourceType[]
): Exit {
  return { kind: "resource", path: at(path), types: [...ownTypes, ...types], ownTypes };
}

/** Projects from which others connect to it. */
export function toCallers(path: string, ...types: readonly ResourceType[]): Exit {
  return { kind: "callers", path: at(path), types };
}

/** Whatever texts at a path name. */
export function toMentioned(path: string): Exit {
  return { kind: "mentioned", path: at(path) };
}

export function toRegion(path: string): Exit {
  return { kind: "region", path: at(path) };
}

export function together(path: string): Exit {
  return { kind: "together", path: at(path) };
}

const region = "[a-z]+-[a-z]+\\d+";

/** A place of one region; also as the last part of a name, such as a configuration of Spanner's. */
export const oneRegion = new RegExp(`^(?:.*/)?(?:regional-)?${region}(?:-[a-z])?$`, "i");

export function toOneRegion(path: string): Exit {
  return {
    kind: "shape",
    path: at(path),
    right: oneRegion,
    what: "copies of it are kept in several regions",
    remedy: `Set ${path} to a place of one region.`,
  };
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

/** A part of a store by which nothing leaves but by its exits. */
export function inert(of: Read, ...exits: readonly Exit[]): SideChannelType {
  return part("it sends what it holds elsewhere", of, ...exits);
}

/** Something that sends on what it reads. */
export function channel(what: string, from: readonly Read[], ...exits: readonly Exit[]): SideChannelType {
  return { what, remedy: closed, reads: from, exits };
}

/** A copy, or a restored one: in the PHI zone, or what it was made from has left. */
export function copy(what: string, from: readonly Read[], ...exits: readonly Exit[]): SideChannelType {
  return { what, remedy: inside, reads: from, exits: [itself, ...exits] };
}

/** Something of which nobody knows where it sends whatever it refers to. */
export function pipeline(what: string, ...from: readonly Read[]): SideChannelType {
  return { ...channel(what, from, out), readsAnything: true };
}

/** Something that is held to the same outside of the PHI zone, because it is told PHI. */
export function everywhere(type: SideChannelType): SideChannelType {
  return { ...type, isHeldEverywhere: true };
}

/** Something that no platform of ours has in its PHI zone. */
export function foreignOnly(type: SideChannelType): SideChannelType {
  return { ...type, isRefusedOnPlatform: true };
}
