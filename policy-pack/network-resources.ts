import type { ResourceType } from "./resource-type";

/** The types of each cloud that make a network, filter it, or have addresses in it. */
const networkTypes = [
  /^aws:ec2:(?:default)?(?:vpc|subnet|securitygroup|networkacl|routetable)$/,
  /^aws:ec2:(?:internetgateway|egressonlyinternetgateway|natgateway|carriergateway|vpngateway)$/,
  /^aws:ec2:(?:instance|spotinstancerequest|launchtemplate|networkinterface|vpcendpoint|vpcpeeringconnection)$/,
  /^aws:(?:ec2transitgateway:transitgateway|lb:loadbalancer|elb:loadbalancer|networkfirewall:firewall)$/,
  /^azure-native:network:(?:virtualnetwork|subnet|networksecuritygroup|routetable|networkinterface)$/,
  /^azure-native:network:(?:loadbalancer|applicationgateway|azurefirewall|natgateway|privateendpoint|virtualnetworkgateway)$/,
  /^gcp:compute:(?:network|subnetwork|firewall|router|routernat|instance|forwardingrule|globalforwardingrule|route)$/,
];

/** Whether a resource makes a network, filters one, or has addresses in one. */
export function isOfNetwork(type: ResourceType): boolean {
  return networkTypes.some((pattern) => pattern.test(type));
}
