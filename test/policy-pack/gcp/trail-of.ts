import { AuditTrail } from "../../../policy-pack/facts/gcp/audit";
import { EndpointClasses } from "../../../policy-pack/facts/gcp/endpoint-classes";
import { FirewallLayers } from "../../../policy-pack/facts/gcp/firewall-layers";
import type { GcpStack } from "../../../policy-pack/facts/gcp/gcp-stack";
import { Interfaces } from "../../../policy-pack/facts/gcp/interfaces";
import { Joins } from "../../../policy-pack/facts/gcp/joins";
import { LoadBalancerFilters } from "../../../policy-pack/facts/gcp/load-balancer-filters";
import { LoadBalancers } from "../../../policy-pack/facts/gcp/load-balancers";
import { Networks } from "../../../policy-pack/facts/gcp/networks";
import { inheritProjectZones } from "../../../policy-pack/facts/gcp/projects";
import { Resolvers } from "../../../policy-pack/facts/gcp/resolvers";
import { Routes } from "../../../policy-pack/facts/gcp/routes";
import { Subnets } from "../../../policy-pack/facts/gcp/subnets";
import type { Sketch } from "../stack-sketch";

import { gcpStackOf } from "./gcp-stack-of";

/** What is read of a stack's networks, its load balancers, its resolvers and its records. */
export interface ReadStack {
  readonly stack: GcpStack;
  readonly networks: Networks;
  readonly classes: EndpointClasses;
  readonly filters: LoadBalancerFilters;
  readonly resolvers: Resolvers;
  readonly audit: AuditTrail;
}

export function readStackOf(sketch: Sketch, platforms: ReadonlyMap<string, string> = new Map()): ReadStack {
  const stack = gcpStackOf(sketch, { platforms });
  inheritProjectZones(stack);
  const networks = new Networks(stack);
  const joins = new Joins(stack, networks);
  const routes = new Routes(stack, networks, joins, () => undefined);
  const subnets = new Subnets(stack, networks, (subnet) => routes.ofSubnet(subnet));
  const classes = new EndpointClasses(stack, networks, subnets, new FirewallLayers(stack, networks));
  new Interfaces(stack, networks, subnets, classes);
  const balancers = new LoadBalancers(stack);
  const resolvers = new Resolvers(stack, networks);
  return {
    stack,
    networks,
    classes,
    filters: new LoadBalancerFilters(stack, networks, subnets, balancers, () => classes.all),
    resolvers,
    audit: new AuditTrail(stack, networks, subnets, resolvers, balancers),
  };
}

/** A component that puts resources into zones. */
export function zoneMembers(stack: Sketch, members: Readonly<Record<string, readonly string[]>>): Sketch {
  stack.addRaw({
    urn: "urn:pulumi:test::bulkhead::stranger:index:Part::zones",
    type: "stranger:index:Part",
    name: "zones",
    inputs: {},
    outputs: {
      zoneMembers: Object.fromEntries(
        Object.entries(members).map(([zone, names]) => [
          zone,
          names.map((name) => `urn:pulumi:test::bulkhead::${name}`),
        ]),
      ),
    },
    custom: false,
    parent: undefined,
    computed: [],
  });
  return stack;
}

export const networkType = "gcp:compute/network:Network";
export const subnetType = "gcp:compute/subnetwork:Subnetwork";
