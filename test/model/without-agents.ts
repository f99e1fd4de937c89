import type { PlatformFile } from "../../model/platform-file";
import { referencePlatform } from "../../model/reference-platform";

/** The reference platform without agents, their tools, and the workload through which they call them. */
export const withoutAgents: PlatformFile = {
  ...referencePlatform,
  workloads: referencePlatform.workloads.filter(({ id }) => id !== "agent-tools"),
  flows: referencePlatform.flows.filter(({ from, to }) => ![from, to].includes("workload/agent-tools")),
  access: {
    ...referencePlatform.access,
    agents: [],
    tools: [],
    routes: referencePlatform.access.routes?.filter(({ path }) => path !== "/mcp"),
  },
};
