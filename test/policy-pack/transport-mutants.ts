import { itemsOf, reading, recordOf } from "../../policy-pack/reading";

import type { Mutant } from "./mutants";
import { set, unset, type Properties } from "./service-mutants";
import { unknownText, type Sketch } from "./stack-sketch";
import { foreign, listenerType, targetGroupType } from "./stranger-transport";

const rule = "flows-require-mtls";

const machine = "bulkhead-machine-listener";
const clinician = "bulkhead-clinician-listener";
const targets = "bulkhead-machine-targets";
const store = "bulkhead-machine-trust-store";

function authenticate(stack: Sketch, name: string, change: Properties): void {
  stack.change(name, (inputs) => ({
    ...inputs,
    mutualAuthentication: { ...(inputs["mutualAuthentication"] as Properties), ...change },
  }));
}

/** The actions of the clinicians' listener, changed. They hold a secret, and are wrapped as one. */
function act(stack: Sketch, change: (actions: readonly Properties[]) => readonly Properties[]): void {
  stack.change(clinician, (inputs) => {
    const actions = itemsOf(reading(inputs["defaultActions"])).flatMap((item) => {
      const action = recordOf(item);
      return action.kind === "known" ? [action.value] : [];
    });
    return { ...inputs, defaultActions: change(actions) };
  });
}

/** Lets whoever has not signed in do something else than sign in. */
function unauthenticated(stack: Sketch, otherwise: string): void {
  act(stack, ([signIn, forward]) => [
    {
      ...signIn,
      authenticateOidc: {
        ...(signIn?.["authenticateOidc"] as Properties),
        onUnauthenticatedRequest: otherwise,
      },
    },
    forward ?? {},
  ]);
}

function addRule(stack: Sketch, more: Properties): void {
  stack.add("aws:lb/listenerRule:ListenerRule", "hole", {
    listenerArn: stack.id(clinician),
    priority: 1,
    conditions: [{ pathPattern: { values: ["/metrics"] } }],
    actions: [{ type: "forward", targetGroupArn: stack.id("bulkhead-clinician-targets") }],
    ...more,
  });
}

function addListener(stack: Sketch, more: Properties): void {
  stack.add(listenerType, "hole", {
    loadBalancerArn: stack.id("bulkhead-machine-entrance"),
    port: 8443,
    protocol: "HTTPS",
    sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06",
    mutualAuthentication: { mode: "verify", trustStoreArn: stack.id(store) },
    defaultActions: [{ type: "forward", targetGroupArn: stack.id(targets) }],
    ...more,
  });
}

/** Faults of the entrance: who comes in, over what, and how it is sent on. */
export const transportMutants: readonly Mutant[] = [
  {
    fault: "machine listener: HTTP",
    rule,
    dig: (s) => {
      set(s, machine, "protocol", "HTTP");
    },
  },
  {
    fault: "machine listener: no protocol",
    rule,
    dig: (s) => {
      unset(s, machine, "protocol");
    },
  },
  {
    fault: "machine listener: TCP, which the platform does not declare",
    rule,
    dig: (s) => {
      set(s, machine, "protocol", "TCP");
    },
  },
  {
    fault: "machine listener: TLS 1.2",
    rule,
    dig: (s) => {
      set(s, machine, "sslPolicy", "ELBSecurityPolicy-TLS13-1-2-2021-06");
    },
  },
  {
    fault: "machine listener: the cloud's own policy of TLS",
    rule,
    dig: (s) => {
      unset(s, machine, "sslPolicy");
    },
  },
  {
    fault: "clinician listener: TLS 1.2",
    rule,
    dig: (s) => {
      set(s, clinician, "sslPolicy", "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09");
    },
  },
  {
    fault: "machine listener: asks no client for a certificate",
    rule,
    dig: (s) => {
      unset(s, machine, "mutualAuthentication");
    },
  },
  {
    fault: "machine listener: hands certificates on",
    rule,
    dig: (s) => {
      set(s, machine, "mutualAuthentication", { mode: "passthrough" });
    },
  },
  {
    fault: "machine listener: a mode that is not known",
    rule,
    dig: (s) => {
      authenticate(s, machine, { mode: unknownText });
    },
  },
  {
    fault: "machine listener: takes expired certificates",
    rule,
    dig: (s) => {
      authenticate(s, machine, { ignoreClientCertificateExpiry: true });
    },
  },
  {
    fault: "machine listener: somebody else's trust store",
    rule,
    dig: (s) => {
      authenticate(s, machine, { trustStoreArn: foreign });
    },
  },
  {
    fault: "machine listener: somebody else's targets",
    rule,
    dig: (s) => {
      set(s, machine, "defaultActions", [{ type: "forward", targetGroupArn: foreign }]);
    },
  },
  {
    fault: "machine targets: plain text",
    rule,
    dig: (s) => {
      set(s, targets, "protocol", "HTTP");
    },
  },
  {
    fault: "machine targets: plain TCP behind a listener that ends TLS",
    rule,
    dig: (s) => {
      set(s, targets, "protocol", "TCP");
    },
  },
  {
    fault: "machine targets: health check in plain text",
    rule,
    dig: (s) => {
      set(s, targets, "healthCheck", { protocol: "HTTP", port: "traffic-port" });
    },
  },
  {
    fault: "machine targets: health check left to the cloud",
    rule,
    dig: (s) => {
      unset(s, targets, "healthCheck");
    },
  },
  {
    fault: "machine trust store: any version of the bundle",
    rule,
    dig: (s) => {
      unset(s, store, "caCertificatesBundleS3ObjectVersion");
    },
  },
  {
    fault: "clinician listener: nobody signs in",
    rule,
    dig: (s) => {
      act(s, ([, forward]) => [forward ?? {}]);
    },
  },
  {
    fault: "clinician listener: forwards before anybody signs in",
    rule,
    dig: (s) => {
      act(s, (actions) => actions.map((action, index) => ({ ...action, order: 2 - index })));
    },
  },
  {
    fault: "clinician listener: lets in who does not sign in",
    rule,
    dig: (s) => {
      unauthenticated(s, "allow");
    },
  },
  {
    fault: "clinician listener: what becomes of who does not sign in is not known",
    rule,
    dig: (s) => {
      unauthenticated(s, unknownText);
    },
  },
  {
    fault: "clinician listener: a rule past the sign-in",
    rule,
    dig: (s) => {
      addRule(s, {});
    },
  },
  {
    fault: "a rule past the sign-in, of a listener that is not known",
    rule,
    dig: (s) => {
      addRule(s, { listenerArn: unknownText });
    },
  },
  {
    fault: "clinician listener: a rule of which it is not known what it does",
    rule,
    dig: (s) => {
      addRule(s, { actions: [{ type: unknownText }] });
    },
  },
  {
    fault: "a second listener: redirects from port 80",
    rule,
    dig: (s) => {
      addListener(s, {
        port: 80,
        protocol: "HTTP",
        defaultActions: [{ type: "redirect", redirect: { statusCode: "HTTP_301", port: "443" } }],
      });
    },
  },
  {
    fault: "a second listener: asks no client for a certificate",
    rule,
    dig: (s) => {
      addListener(s, { mutualAuthentication: undefined });
    },
  },
  {
    fault: "a second listener: passes TCP through",
    rule,
    dig: (s) => {
      addListener(s, { protocol: "TCP" });
    },
  },
  {
    fault: "targets beside the platform's: plain text",
    rule,
    dig: (s) => {
      const other = s.add(targetGroupType, "hole", { targetType: "ip", port: 80, protocol: "HTTP" });
      addRule(s, {
        listenerArn: s.id(machine),
        actions: [{ type: "forward", targetGroupArn: other }],
      });
    },
  },
  {
    fault: "a classic load balancer in the gateway zone",
    rule,
    dig: (s) =>
      s.add("aws:elb/loadBalancer:LoadBalancer", "hole", {
        subnets: [s.id("bulkhead-gateway-load-balancer-a")],
        listeners: [{ lbPort: 443, lbProtocol: "HTTPS", instancePort: 443, instanceProtocol: "HTTPS" }],
      }),
  },
  {
    fault: "a proxy of App Mesh in the processing zone, however strict",
    rule,
    dig: (s) =>
      s.add("aws:appmesh/virtualNode:VirtualNode", "hole", {
        meshName: "mesh",
        spec: { listeners: [{ tls: { mode: "STRICT", validation: { trust: {} } } }] },
        tags: { "bulkhead-zone": "processing", "bulkhead-platform": "bulkhead" },
      }),
  },
];
