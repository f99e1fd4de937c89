/**
 * A type in the one spelling that the judge compares: `package:module:resource` in lower case, without API version and
 * without the file part of the module. `aws:ec2/securityGroup:SecurityGroup` is `aws:ec2:securitygroup`.
 */
export type ResourceType = string;

/** Modules that a cloud's SDK registers under more than one name, or has called otherwise in an earlier version. */
const sameModule: Readonly<Record<string, string>> = {
  "aws:alb": "aws:lb",
  "aws:elasticloadbalancingv2": "aws:lb",
  "aws:applicationloadbalancing": "aws:lb",
  "aws:elasticloadbalancing": "aws:elb",
  "azure-native:cache": "azure-native:redis",
  "azure-native:documentdb": "azure-native:cosmosdb",
  "azure-native:insights": "azure-native:monitor",
};

const normalised = new Map<string, ResourceType>();

/**
 * The one spelling of a type token. API versions are dropped in both of azure-native's forms
 * (`azure-native:network/v20230201:Subnet`, `azure-native_network_v20240501:network:Subnet`).
 */
export function resourceType(token: string): ResourceType {
  const known = normalised.get(token);
  if (known !== undefined) {
    return known;
  }
  const [first = "", ...rest] = token.toLowerCase().split(":");
  const name = rest.at(-1) ?? "";
  const [provider = ""] = first.split(/_[a-z0-9]+_v\d/);
  const [module = ""] = rest.length > 1 ? (rest[0] ?? "").split("/") : [""];
  const qualified = `${provider}:${module}`;
  const type = `${sameModule[qualified] ?? qualified}:${name}`;
  normalised.set(token, type);
  return type;
}

/** The package of a type, such as `aws`. */
export function packageOf(type: ResourceType): string {
  return type.slice(0, type.indexOf(":"));
}
