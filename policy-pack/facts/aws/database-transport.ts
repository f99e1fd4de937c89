import {
  absent,
  itemsOf,
  known,
  memberReading,
  recordOf,
  textOf,
  unknown,
  type Reading,
} from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";

import { Acceptor, allHops, type HopFacts } from "../acceptor";
import type { AwsStack } from "./aws-stack";
import { placeIn, zoneWithin, type Place } from "../place";
import { groupsAt, placeOf } from "./placement";

/** Databases that take their settings from a group of parameters. */
interface DatabaseKind {
  readonly types: readonly ResourceType[];
  readonly groupTypes: readonly ResourceType[];
  /** By which property a database names its group. */
  readonly groupKey: string;
  readonly subnetGroupKey: string;
  readonly subnetGroupTypes: readonly ResourceType[];
  readonly filterKey: string;
}

const databases: readonly DatabaseKind[] = [
  {
    types: ["aws:rds:cluster"],
    groupTypes: ["aws:rds:clusterparametergroup"],
    groupKey: "dbClusterParameterGroupName",
    subnetGroupKey: "dbSubnetGroupName",
    subnetGroupTypes: ["aws:rds:subnetgroup"],
    filterKey: "vpcSecurityGroupIds",
  },
  {
    types: ["aws:rds:instance"],
    groupTypes: ["aws:rds:parametergroup"],
    groupKey: "parameterGroupName",
    subnetGroupKey: "dbSubnetGroupName",
    subnetGroupTypes: ["aws:rds:subnetgroup"],
    filterKey: "vpcSecurityGroupIds",
  },
  {
    types: ["aws:docdb:cluster"],
    groupTypes: ["aws:docdb:clusterparametergroup"],
    groupKey: "dbClusterParameterGroupName",
    subnetGroupKey: "dbSubnetGroupName",
    subnetGroupTypes: ["aws:docdb:subnetgroup"],
    filterKey: "vpcSecurityGroupIds",
  },
  {
    types: ["aws:neptune:cluster"],
    groupTypes: ["aws:neptune:clusterparametergroup"],
    groupKey: "neptuneClusterParameterGroupName",
    subnetGroupKey: "neptuneSubnetGroupName",
    subnetGroupTypes: ["aws:neptune:subnetgroup"],
    filterKey: "vpcSecurityGroupIds",
  },
  {
    types: ["aws:redshift:cluster"],
    groupTypes: ["aws:redshift:parametergroup"],
    groupKey: "clusterParameterGroupName",
    subnetGroupKey: "clusterSubnetGroupName",
    subnetGroupTypes: ["aws:redshift:subnetgroup"],
    filterKey: "vpcSecurityGroupIds",
  },
];

/** Groups of parameters, of which what they say of TLS is read. */
export const parameterGroupTypes: readonly ResourceType[] = databases.flatMap(({ groupTypes }) => groupTypes);

/** The parameter by which a family of databases asks for TLS. */
interface TlsParameter {
  readonly family: RegExp;
  readonly name: string;
  readonly isOn: (value: string) => boolean;
  /** Some versions of RDS's families ask by themselves; which, their groups do not show. */
  readonly absentIs: "right" | "wrong";
}

const isOne = (value: string): boolean => value === "1" || /^(?:on|true)$/i.test(value);

/**
 * Amazon RDS user guide, "Requiring an SSL connection to a PostgreSQL DB instance" and "Requiring SSL/TLS for all connections
 * to a MySQL DB instance"; Amazon DocumentDB and Neptune, "Cluster parameters"; Amazon Redshift, "Configuring security
 * options for connections".
 */
const tlsParameters: readonly TlsParameter[] = [
  { family: /^(?:aurora-)?postgres/, name: "rds.force_ssl", isOn: isOne, absentIs: "wrong" },
  { family: /^sqlserver/, name: "rds.force_ssl", isOn: isOne, absentIs: "wrong" },
  { family: /^(?:aurora-)?mysql/, name: "require_secure_transport", isOn: isOne, absentIs: "wrong" },
  { family: /^mariadb/, name: "require_secure_transport", isOn: isOne, absentIs: "wrong" },
  { family: /^redshift/, name: "require_ssl", isOn: isOne, absentIs: "wrong" },
  { family: /^docdb/, name: "tls", isOn: (value) => value !== "disabled", absentIs: "right" },
  { family: /^neptune/, name: "neptune_enforce_ssl", isOn: isOne, absentIs: "right" },
];

/** Every value that a list gives to a parameter; one whose name is not known may be any. */
function valuesOf(list: Reading<unknown>, name: string): Reading<readonly string[]> {
  const values: string[] = [];
  for (const item of itemsOf(list)) {
    const parameter = recordOf(item);
    const own = textOf(memberReading(parameter, "name"));
    const value = memberReading(parameter, "value");
    if (own.kind !== "known") {
      return unknown;
    }
    if (own.value === name) {
      if (value.kind !== "known" || (typeof value.value !== "string" && typeof value.value !== "number")) {
        return unknown;
      }
      values.push(String(value.value));
    }
  }
  return values.length === 0 ? absent : known(values);
}

/** Whether databases in a zone ask their clients for TLS. */
export function databaseHops(stack: AwsStack): HopFacts {
  const { graph, zones } = stack;
  return allHops(...databases.flatMap((kind) => [...clientsOf(kind), ...groupsOf(kind)]));

  function placeOfDatabase(kind: DatabaseKind, node: Node): Place | undefined {
    return placeOf(stack, node, {
      within: [groupsAt(kind.filterKey)],
      subnetGroup: { path: kind.subnetGroupKey, types: kind.subnetGroupTypes },
    });
  }

  /** Databases themselves: that their parameters are the stack's. */
  function clientsOf(kind: DatabaseKind): readonly HopFacts[] {
    return graph.ofType(...kind.types).map((node): HopFacts => {
      const place = placeOfDatabase(kind, node);
      if (place === undefined) {
        return allHops();
      }
      const acceptor = new Acceptor(stack, node, place);
      const groups = graph.referents(node, kind.groupKey, kind.groupTypes);
      const isOfStack = groups.length > 0 && groups.every((group) => group.kind === "resource");
      if (!isOfStack) {
        acceptor.fault({
          what: "no group of parameters of the stack shows whether it asks its clients for TLS",
          remedy: `Set ${kind.groupKey} to a group of the stack that requires TLS.`,
          refusedOn: "our platform",
        });
      }
      acceptor.hop(`clients and ${acceptor.label}`, isOfStack ? "provider-tls+iam" : undefined);
      return acceptor.facts();
    });
  }

  /** Groups of parameters, which are where the databases are that take them. */
  function groupsOf(kind: DatabaseKind): readonly HopFacts[] {
    return graph.ofType(...kind.groupTypes).map((node): HopFacts => {
      const places = graph
        .ofType(...kind.types)
        .filter((database) =>
          graph
            .referents(database, kind.groupKey, kind.groupTypes)
            .some((group) => group.kind === "resource" && group.node === node),
        )
        .map((database) => placeOfDatabase(kind, database));
      const place = placeIn(
        zoneWithin(
          zones.of(node.urn),
          places.map((one) => one?.zone),
        ),
        places.map((one) => one?.assumption).find((assumption) => assumption !== undefined),
      );
      const family = textOf(graph.read(node, "family"));
      if (place === undefined || family.kind === "absent") {
        return allHops();
      }
      const acceptor = new Acceptor(stack, node, place);
      const what = "databases with these parameters let their clients speak in plain text";
      if (family.kind === "unknown") {
        acceptor.fault({
          what,
          remedy: "Write the family as a literal.",
          assumption: "`family` is not known",
        });
        return acceptor.facts();
      }
      const wanted = tlsParameters.find((parameter) => parameter.family.test(family.value));
      if (wanted !== undefined) {
        acceptor.requires({
          key: `parameters ${wanted.name}`,
          read: valuesOf(graph.read(node, "parameters"), wanted.name),
          isRight: (values) => values.every(wanted.isOn),
          absentIs: wanted.absentIs,
          what,
          remedy: `Set the parameter ${wanted.name} so that TLS is required.`,
        });
      }
      return acceptor.facts();
    });
  }
}
