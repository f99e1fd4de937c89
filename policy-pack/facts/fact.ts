import type { Transport } from "../../model/flow";
import type { ZoneId } from "../../model/zone";
import type { AddressRange } from "../address-range";

import type { Admission } from "./envoy/admission";
import type { BelievedCallers } from "./envoy/believed-callers";
import type { TrustSource } from "./envoy/certificate-validation";
import type { HostAllowance } from "./host-allowance";
import type { InternetProxy } from "./internet-proxy";
import type { Safeguards } from "./safeguard";
import type { ToldDocuments } from "./told-documents";

/** Whole numbers from `from` up to, and not including, `to`. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Every protocol number of the Internet Protocol (IANA, "Assigned Internet Protocol Numbers"). */
export const everyProtocol: Interval = { from: 0, to: 256 };

/** Every port of TCP and UDP. A protocol without ports has them all. */
export const everyPort: Interval = { from: 0, to: 65536 };

/** Something read from a resource, with what a person needs to find it. */
export interface FromResource {
  readonly urn: string;
  /** What it is, in a few words: `rule of bulkhead-rag-service-filter: egress tcp 443 to 10.0.0.0/8`. */
  readonly label: string;
}

/** Where a resource is: in a zone of a platform, if it is in one. */
interface Placed extends FromResource {
  readonly zone: ZoneId | undefined;
  /** The name of the platform of ours to which it belongs. */
  readonly platform: string | undefined;
}

/** The other end of what a rule speaks of. */
export type Remote =
  | { readonly kind: "addresses"; readonly range: AddressRange }
  /** Whatever is behind another filter. */
  | { readonly kind: "filter"; readonly filter: Filter }
  /** Any address of either family. */
  | { readonly kind: "anything" };

/** One rule of a filter. */
export interface Rule extends FromResource {
  readonly action: "allow" | "deny";
  readonly protocols: Interval;
  readonly ports: Interval;
  readonly remote: Remote;
  /** The cloud's own name for the remote addresses, in lower case, such as `azurekeyvault.eastus2`, if it is written with one. */
  readonly serviceTag?: string;
  /** Why it may be narrower than it is read here; `undefined` where it is known to the last bit. */
  readonly assumption: string | undefined;
}

/** What clouds call their filters. */
export type FilterKind =
  | "security group"
  | "network ACL"
  | "network security group"
  /** The rules of firewall policies and of the network that are in force together on an identity or a tag. */
  | "firewall"
  /** What a load balancer outside of every network accepts, and where it sends it. */
  | "load balancer"
  /** Whose calls of one service are let in, by a service perimeter and by grants. */
  | "service perimeter";

/**
 * A filter of packets.
 *
 * - `union` filters in force together let out what any of them allows (a security group).
 * - an `ordered` filter lets out what the first rule that matches allows; what none matches is denied (a network ACL).
 */
export interface Filter extends Placed {
  /** What its cloud calls it. */
  readonly kind: FilterKind;
  readonly combination: "union" | "ordered";
  /** The peer of the model whose filter it is, such as `workload/rag-service`. */
  readonly peer: string | undefined;
  /** What the subnets are for in which it is in force, as its tag says; where none does, that follows from its peer. */
  readonly purpose?: string | undefined;
  /** The network in which it can be in force. */
  readonly network: Network;
  /**
   * The subnets on which it is in force, and on no other; `undefined` where it is put on single interfaces, or where it is
   * not known: it may then be in force on whatever is in its zone.
   */
  readonly subnets: readonly Subnet[] | undefined;
  /** Rules of an ordered filter are in the order in which they are tried. */
  readonly egress: readonly Rule[];
  readonly ingress: readonly Rule[];
}

/** Where a packet goes on from what a route leads to. */
export type Onward =
  | { readonly kind: "internet" }
  /** Into a service that sends nothing on. */
  | { readonly kind: "nowhere" }
  /** Out of subnets of the stack, by the routes in force there. */
  | { readonly kind: "subnets"; readonly keys: readonly string[] }
  | { readonly kind: "undetermined" };

/** Something that a next hop is, or may be, and what it does with packets to the Internet. */
export interface Forwarder extends FromResource {
  readonly onward: Onward;
  /** What it lets by without a look, where it inspects packets; `undefined` where it inspects none. */
  readonly uninspected: readonly Rule[] | undefined;
  /**
   * What it lets by besides without reading it, of packets that come from some addresses: without ending TLS, or for others
   * than hosts that a platform of ours declares. Left out where it looks at nothing else than it reads.
   */
  readonly unread?: (from: readonly AddressRange[]) => readonly Rule[];
  /** Whether it makes packets to 64:ff9b::/96 into packets to the IPv4 addresses in them (RFC 6146). */
  readonly translatesToIpv4: boolean;
  /** Why it may be something else, or do something else; `undefined` where it is known. */
  readonly assumption: string | undefined;
}

/** Where a route leads that does not stay in the network. */
export interface NextHop {
  /** What it is, such as `internet gateway`, or `an unknown next hop`. */
  readonly kind: string;
  /** URN or id. */
  readonly name: string | undefined;
  /** All that it may be: one, where it is known which. */
  readonly forwarders: readonly Forwarder[];
}

/** A route out of the network. The routes within it are not listed. */
export interface Route extends FromResource {
  readonly destination: AddressRange | "anything";
  readonly nextHop: NextHop;
  readonly assumption: string | undefined;
  /** Whether it is in its table for certain, so that packets to its destination take no wider route. */
  readonly isCertain: boolean;
  /** What has to be done that it is not there, where no resource says it that could be taken away. */
  readonly remedy?: string;
}

export interface RouteTable extends Placed {
  readonly network: Network;
  readonly routes: readonly Route[];
}

/** A VPC or virtual network. One that is not in the stack is known by its id alone. */
export interface Network extends Placed {
  readonly isInStack: boolean;
  /** Its own addresses; `undefined` where they are not known. */
  readonly ranges: readonly AddressRange[] | undefined;
  /** Whether it is known which network this is. */
  readonly isDetermined: boolean;
}

/** Whether two things may be in one network. */
export function mayBeSame(a: Network, b: Network): boolean {
  return a === b || !a.isDetermined || !b.isDetermined;
}

export interface Subnet extends Placed {
  /** What no other subnet has: its URN, or that of its network with its own name, where it is a part of the network. */
  readonly key: string;
  readonly network: Network;
  /** What it is for, as its tag says. */
  readonly purpose: string | undefined;
  /** Where its addresses may be: anywhere, so far as they are not known. This may accuse, and never excuses. */
  readonly ranges: readonly AddressRange[];
  /** Addresses that are known to be its own. */
  readonly knownRanges: readonly AddressRange[];
  /** The filter in force on it besides those of what is in it; one of them, where it is not known which. None: everything passes. */
  readonly filters: readonly Filter[];
  /** What the cloud calls such a filter; `undefined` where it has none. */
  readonly filteredBy: FilterKind | undefined;
  /** The route table in force on it; one of them, where it is not known which. */
  readonly routeTables: readonly RouteTable[];
  /** Why its routes are not known, where they are not. */
  readonly unknownRoutes: string | undefined;
}

/** What has an address in a network, with the filters in force on it together. */
export interface NetworkInterface extends Placed {
  /** Where it is. Empty if that cannot be known. */
  readonly subnets: readonly Subnet[];
  /** The filters in force on it together. */
  readonly filters: readonly Filter[];
  /** The peer of the model that it says it is, such as `workload/fhir-proxy`, where it runs code. */
  readonly runs?: string | undefined;
}

/**
 * Something by which connections reach a workload as they are, so that the two ends know each other: it certainly leads
 * there, and nowhere else.
 */
export interface Passage extends FromResource {
  readonly platform: string | undefined;
  /** The peer of the model to which it leads, such as `workload/egress-guard`. */
  readonly peer: string;
  /** The filters in force on it. */
  readonly filters: readonly Filter[];
  /** The filters in force on what comes next. */
  readonly behind: readonly Filter[];
}

/** A way in which something in a zone has, or may have, an address that the Internet reaches or that reaches it. */
export interface PublicAddress extends FromResource {
  readonly zone: ZoneId;
  readonly platform: string | undefined;
  /** Whether code of the customer's runs in what has it. */
  readonly runsCode?: boolean;
  /** Whether it is that of others, whose own addresses it takes the place of. */
  readonly isForOthers?: boolean;
  readonly what: string;
  readonly assumption: string | undefined;
  readonly remedy: string;
}

/** Something that gives a way to the Internet by itself, such as a public address or a translator of addresses. */
export interface WayToInternet extends Placed {
  readonly what: string;
  /** What is not known, and decides; nothing where it is for certain. */
  readonly assumption: string | undefined;
}

/** A way in which a network or a subnet of a zone is joined to other networks, or lets the public in. */
export interface NetworkConnection extends FromResource {
  readonly zone: ZoneId;
  readonly platform: string | undefined;
  readonly what: string;
  readonly assumption: string | undefined;
  readonly remedy: string;
}

/** A private endpoint whose policy lets calls through to what is not the platform's. */
export interface OpenEndpointPolicy extends FromResource {
  readonly zone: ZoneId;
  readonly platform: string | undefined;
  readonly what: string;
  readonly assumption: string | undefined;
}

/** A way in which a service perimeter lets calls out of a zone or into it, or is not there to hold them. */
export interface PerimeterOpening extends FromResource {
  readonly zone: ZoneId;
  readonly platform: string | undefined;
  readonly what: string;
  readonly assumption: string | undefined;
  readonly remedy: string;
  /** Whether it is said though it leaves nothing open by itself. */
  readonly isAdvice: boolean;
  /** Whether no other resource can make it right. */
  readonly isGuiltyAlone: boolean;
}

/**
 * A way in which a store lets what it holds leave its zone by itself, without a packet that a filter sees: a copy, an
 * export, a notification, another account that is let in, or an answer to the public.
 */
export interface SideChannel extends FromResource {
  readonly zone: ZoneId;
  readonly platform: string | undefined;
  readonly what: string;
  readonly assumption: string | undefined;
  readonly remedy: string;
  /** Whether no other resource can make it right. */
  readonly isGuiltyAlone: boolean;
}

/** Somebody whom a store lets in. */
export interface StoreAdmission extends FromResource {
  readonly zone: ZoneId;
  readonly platform: string | undefined;
  /** The peers of the model to whose store somebody is let in, such as `data-store/fhir-store`; none where nothing says. */
  readonly stores: readonly string[];
  /** The peer of the model that is let in, such as `workload/fhir-proxy`; `undefined` for somebody else of the account. */
  readonly who: string | undefined;
  readonly what: string;
  readonly assumption: string | undefined;
}

/** A way by which a service or a store is reached, or reaches, by its public name. */
export interface PublicName extends FromResource {
  readonly zone: ZoneId;
  readonly platform: string | undefined;
  /** Whether it is a store, and so what it holds is reached past every private endpoint. */
  readonly isStore: boolean;
  readonly what: string;
  readonly assumption: string | undefined;
  readonly remedy: string;
}

/** A private endpoint of a peer of a platform: a platform service or a data store. */
export interface ServedPeer {
  readonly platform: string | undefined;
  readonly peer: string;
}

/** A way in which the resolver of a network answers, or sends on, names that lead out of it. */
export interface ResolverOpening extends FromResource {
  readonly network: Network;
  /** The name that would carry data out. */
  readonly name: string;
  readonly what: string;
  readonly assumption: string | undefined;
  readonly remedy: string;
}

/** One hop of a connection, at what accepts it for a zone, as far as resources show it. */
export interface Hop extends Placed {
  /** Between whom, in a few words: `clients and Listener machine`. */
  readonly ends: string;
  /** How the two ends know each other; `undefined` where no resource shows it. */
  readonly transport: Transport | undefined;
  /** What shows it, in a sentence, where that says more than what it is. */
  readonly shown?: string;
}

/** Who is asked whether a request may go on. */
export interface Decider {
  /** Which it is: `cluster decision-point`. */
  readonly label: string;
  /** Whom is taken for it, and no fewer; `undefined` where it is on the machine itself, or nothing shows it. */
  readonly servers: readonly Admission[] | undefined;
  /** By whose word its certificate is taken. */
  readonly source: TrustSource;
  /** What makes of its answer something else than a decision about the very request; refused on a platform of ours. */
  readonly doubts: readonly Laxity[];
}

/** Whom something asks about requests before they go on. */
export type RequestDecision =
  /** Nothing goes on. */
  | { readonly kind: "closed" }
  /** Each of some is asked about every request, and what any of them refuses goes nowhere. */
  | { readonly kind: "asked"; readonly deciders: readonly [Decider, ...Decider[]] }
  /** Something goes on about which nobody was asked, or may. */
  | { readonly kind: "unasked"; readonly gaps: readonly [Laxity, ...Laxity[]] };

/** What asks about requests that come into a zone, and is no Envoy beside a program. */
export interface RequestGate extends Placed {
  /** The peers of the model whose requests it asks about; `undefined` where it is about all in its zone. */
  readonly peers: readonly string[] | undefined;
  /** Whether it holds for a whole mesh, whatever zone something in it is in. */
  readonly isOfMesh: boolean;
  readonly decision: RequestDecision;
}

/** Something of a mesh of Istio's. */
export interface MeshPart extends FromResource {
  readonly platform: string | undefined;
}

/** Whom a proxy lets in by one of its listeners. */
export interface WayIn {
  /** Which it is: `listener mesh`. */
  readonly label: string;
  /** What it asks of its clients; `none`, where it does not speak TLS. */
  readonly asks: "certificate" | "nothing" | "none" | "unknown";
  /** The oldest version of TLS that it certainly speaks; `undefined` where that is older still, or not known. */
  readonly oldest: "1.2" | "1.3" | undefined;
  /** By whose word it takes certificates: authorities that its configuration names, or a secret that it is given. */
  readonly source: TrustSource;
  /** Whoever is let in, and no fewer. */
  readonly admissions: readonly Admission[];
  /** The clusters to which what comes in goes on past its own program; `undefined` among them where that is not known. */
  readonly relays: readonly (string | undefined)[];
  /** Whom it asks about what comes in before it goes on. */
  readonly decision: RequestDecision;
  /** What it hands to whom it asks that callers may have written themselves. */
  readonly believed: BelievedCallers;
}

/** Whom a proxy calls. */
export interface WayOut {
  /** Which it is: `cluster rag-service`. */
  readonly label: string;
  /** Whom it takes for the server, and no fewer. */
  readonly servers: readonly Admission[];
  /** By whose word it takes the server's certificate. */
  readonly source: TrustSource;
  /** Where it leads, by names and addresses, as far as they are written out. */
  readonly hosts: readonly string[];
}

/** Something that is not as on a platform of ours what runs programs has to be. */
export interface Laxity {
  readonly what: string;
  /** What is not known, and decides; nothing where it is for certain. */
  readonly assumption?: string | undefined;
  readonly remedy: string;
}

/** Something that runs a program, with the proxies before it by which others reach it, and by which it reaches others. */
export interface EnforcementPoint extends Placed, ToldDocuments {
  /** The peers of the model whose program it runs; none where nothing says. */
  readonly peers: readonly string[];
  /** Whether it runs something by itself, and is not only a part of what does. */
  readonly runs: boolean;
  /** Whether a proxy is shown at all. */
  readonly hasProxy: boolean;
  /** Why a proxy may let in more than is shown; nothing where all of it is shown. */
  readonly hidden: readonly string[];
  readonly laxities: readonly Laxity[];
  readonly ways: readonly WayIn[];
  readonly calls: readonly WayOut[];
}

/**
 * A way in which what accepts connections for a zone lets an end of them go unproved, or lets them be read. Its zone is
 * `undefined` only where it may be in any; what is in none has no such fact.
 */
export interface UnprovedHop extends Placed {
  readonly what: string;
  readonly assumption: string | undefined;
  readonly remedy: string;
  /** Where it has to be otherwise: what is missing and leaves nothing open by that, on a platform of ours or nowhere. */
  readonly refusedOn: "any stack" | "our platform" | "no stack";
  /** What a platform of ours may declare of its entrance that makes it right. */
  readonly excusedBy: "passthrough" | "sign-in" | undefined;
  /** Whether no other resource can make it right. */
  readonly isGuiltyAlone: boolean;
}

/** Something that is not recorded, or not kept as records are. */
export interface Unaudited extends FromResource {
  readonly platform: string | undefined;
  readonly what: string;
  readonly assumption: string | undefined;
  readonly remedy: string;
}

/** Something that the facts cannot be drawn from, and that touches a zone, or may. */
export interface Blind extends FromResource {
  /** The zone that it touches; `undefined` if it cannot be known which. */
  readonly zone: ZoneId | undefined;
  readonly what: string;
  readonly remedy: string;
}

/** A default of the cloud's that is open until it is stripped, or a must that is missing. */
export interface MissingSeal extends FromResource {
  readonly platform: string | undefined;
  readonly what: string;
  /** Why it may not be missing; nothing where it is for certain. */
  readonly assumption?: string;
  readonly remedy: string;
}

/** All that is read from the resources of one cloud. */
export interface NetworkFacts {
  /** Filters of single interfaces. */
  readonly interfaceFilters: readonly Filter[];
  /** Filters of whole subnets. */
  readonly subnetFilters: readonly Filter[];
  readonly routeTables: readonly RouteTable[];
  readonly subnets: readonly Subnet[];
  readonly interfaces: readonly NetworkInterface[];
  readonly passages: readonly Passage[];
  readonly publicAddresses: readonly PublicAddress[];
  readonly networkConnections: readonly NetworkConnection[];
  readonly openEndpointPolicies: readonly OpenEndpointPolicy[];
  readonly perimeterOpenings: readonly PerimeterOpening[];
  readonly sideChannels: readonly SideChannel[];
  readonly storeAdmissions: readonly StoreAdmission[];
  readonly publicNames: readonly PublicName[];
  readonly servedPeers: readonly ServedPeer[];
  readonly resolverOpenings: readonly ResolverOpening[];
  /** What gives a way to the Internet by itself, besides the load balancer's own. */
  readonly waysToInternet: readonly WayToInternet[];
  /** What is let through by the names of hosts. */
  readonly hostAllowances: readonly HostAllowance[];
  /** Proxies that call the Internet for who calls them. */
  readonly internetProxies: readonly InternetProxy[];
  readonly hops: readonly Hop[];
  readonly unprovedHops: readonly UnprovedHop[];
  readonly enforcementPoints: readonly EnforcementPoint[];
  readonly requestGates: readonly RequestGate[];
  /** Resources of Istio that say who may call whom. */
  readonly meshes: readonly MeshPart[];
  /** The networks in which something in the PHI zone runs code of the customer's. */
  readonly networksWithCodeInPhi: readonly Network[];
  readonly unaudited: readonly Unaudited[];
  readonly blind: readonly Blind[];
  readonly missingSeals: readonly MissingSeal[];
  /** What is in order. Nothing is judged by it. */
  readonly safeguards: () => Safeguards;
}
