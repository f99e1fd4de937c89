/** What a provider makes of something that a program does not say. */
export interface Absence {
  /** The name by which a test finds the row. */
  readonly id: string;
  readonly provider: "aws" | "aws-native" | "tls";
  readonly resource: string;
  readonly absent: string;
  readonly means: string;
  /** Where it is so written. */
  readonly source: string;
  /** What the judge concludes for the PHI zone, or for a certificate. */
  readonly verdict: "closed" | "open" | "undetermined";
}

/**
 * What absence means, which differs by provider. Each row is pinned by a test of the same name
 * (`test/policy-pack/absences.test.ts`).
 */
export const absences: readonly Absence[] = [
  {
    id: "aws security group without egress",
    provider: "aws",
    resource: "`ec2.SecurityGroup`",
    absent: "`egress`, and no rule of its own",
    means: "The provider takes AWS's own rule away, so that nothing leaves.",
    source: 'terraform-provider-aws, `aws_security_group`, "NOTE on Egress rules"',
    verdict: "closed",
  },
  {
    id: "aws-native security group without egress",
    provider: "aws-native",
    resource: "`ec2.SecurityGroup`",
    absent: "`securityGroupEgress`, or an empty list",
    means: "AWS's own rule stays, which lets everything out.",
    source: 'CloudFormation, `AWS::EC2::SecurityGroup`, "SecurityGroupEgress"',
    verdict: "open",
  },
  {
    id: "aws instance without a security group",
    provider: "aws",
    resource: "`ec2.Instance`, `ec2.NetworkInterface`, databases, functions, tasks",
    absent: "its security groups",
    means:
      "The default group of the VPC is in force, which lets everything out unless it is adopted and emptied.",
    source: 'EC2 API, `RunInstances`; VPC guide, "Default security groups"',
    verdict: "open",
  },
  {
    id: "aws instance without a security group, default group emptied",
    provider: "aws",
    resource: "`ec2.DefaultSecurityGroup`",
    absent: "`egress` and `ingress`",
    means: "The provider takes the default group's rules away.",
    source: "terraform-provider-aws, `aws_default_security_group`",
    verdict: "closed",
  },
  {
    id: "aws network load balancer without a security group",
    provider: "aws",
    resource: "`lb.LoadBalancer` of type network",
    absent: "`securityGroups`",
    means: "No filter is in force: whoever is in the network reaches its listeners.",
    source: 'Elastic Load Balancing guide, "Security groups for your Network Load Balancer"',
    verdict: "open",
  },
  {
    id: "aws load balancer without internal",
    provider: "aws",
    resource: "`lb.LoadBalancer`",
    absent: "`internal`",
    means: "It faces the Internet.",
    source: 'ELB API, `CreateLoadBalancer`, "Scheme"',
    verdict: "open",
  },
  {
    id: "aws subnet without a network ACL",
    provider: "aws",
    resource: "`ec2.NetworkAclAssociation`",
    absent: "an association for the subnet",
    means: "The default ACL is in force, which lets everything pass; security groups alone hold.",
    source: 'VPC guide, "Default network ACL"',
    verdict: "closed",
  },
  {
    id: "aws network ACL without entries",
    provider: "aws",
    resource: "`ec2.NetworkAcl`",
    absent: "entries",
    means: "Nothing passes.",
    source: 'VPC guide, "Custom network ACLs"',
    verdict: "closed",
  },
  {
    id: "aws subnet without a route table",
    provider: "aws",
    resource: "`ec2.RouteTableAssociation`",
    absent: "an association for the subnet",
    means: "The main table of the VPC is in force: that of a new VPC has the local route alone.",
    source: 'VPC guide, "Main route table"',
    verdict: "closed",
  },
  {
    id: "aws subnet without a route table, in a network that is only read",
    provider: "aws",
    resource: "`ec2.RouteTableAssociation`",
    absent: "an association for the subnet, and the network",
    means: "The main table of the VPC is in force, and nobody knows its routes.",
    source: 'VPC guide, "Main route table"',
    verdict: "undetermined",
  },
  {
    id: "aws subnet without a route table, main table emptied",
    provider: "aws",
    resource: "`ec2.DefaultRouteTable`",
    absent: "`routes`, given as an empty list",
    means: "The provider takes the main table's routes away.",
    source: "terraform-provider-aws, `aws_default_route_table`",
    verdict: "closed",
  },
  {
    id: "aws subnet without mapPublicIpOnLaunch",
    provider: "aws",
    resource: "`ec2.Subnet`",
    absent: "`mapPublicIpOnLaunch`",
    means: "What starts in it gets no public address.",
    source: "EC2 API, `CreateSubnet`",
    verdict: "closed",
  },
  {
    id: "aws network without enableDnsSupport, and code in the PHI zone",
    provider: "aws",
    resource: "`ec2.Vpc`",
    absent: "`enableDnsSupport`",
    means: "Amazon's resolver answers, and carries any name out.",
    source: "EC2 API, `ModifyVpcAttribute`",
    verdict: "open",
  },
  {
    id: "aws endpoint without a policy",
    provider: "aws",
    resource: "`ec2.VpcEndpoint`",
    absent: "`policy`",
    means: "Every call of everybody to everything is let through.",
    source: 'PrivateLink guide, "Default endpoint policy"',
    verdict: "open",
  },
  {
    id: "aws function without vpcConfig",
    provider: "aws",
    resource: "`lambda.Function`",
    absent: "`vpcConfig`",
    means: "It runs in a network of AWS's, with a way to the Internet.",
    source: 'Lambda guide, "Internet access for functions"',
    verdict: "open",
  },
  {
    id: "aws search domain without vpcOptions",
    provider: "aws",
    resource: "`opensearch.Domain`",
    absent: "`vpcOptions`",
    means: "It answers at a public address.",
    source: 'OpenSearch Service guide, "VPC support"',
    verdict: "open",
  },
  {
    id: "aws database without publiclyAccessible",
    provider: "aws",
    resource: "`rds.Instance`",
    absent: "`publiclyAccessible`",
    means: "It has no public address.",
    source: '@pulumi/aws, `rds.Instance`: "Default is `false`"',
    verdict: "closed",
  },
  {
    id: "aws notebook without directInternetAccess",
    provider: "aws",
    resource: "`sagemaker.NotebookInstance`",
    absent: "`directInternetAccess`",
    means: "SageMaker gives it a way to the Internet.",
    source: "SageMaker API, `CreateNotebookInstance`",
    verdict: "open",
  },
  {
    id: "tls key on a curve that is not named",
    provider: "tls",
    resource: "`PrivateKey` of algorithm ECDSA",
    absent: "`ecdsaCurve`",
    means: "P-224, which is too weak.",
    source: "terraform-provider-tls, `tls_private_key`",
    verdict: "open",
  },
  {
    id: "tls certificate that is not renewed early",
    provider: "tls",
    resource: "`LocallySignedCert`",
    absent: "`earlyRenewalHours`",
    means: "It is renewed when it has expired, and not before.",
    source: "terraform-provider-tls, `tls_locally_signed_cert`",
    verdict: "open",
  },
];
