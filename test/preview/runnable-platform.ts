import type { PlatformFile } from "../../model/platform-file";
import { referencePlatform } from "../../model/reference-platform";
import { smallPlatform } from "../components/small-platform";

/** The flows without which no workload of the reference platform could run. */
const toServices = referencePlatform.flows.filter(
  ({ from }) => typeof from === "string" && from.startsWith("zone/"),
);

/**
 * A small platform that is accepted in a preview, with the name of the reference platform. It is for tests of what previews
 * do, and of what is around them, for which it does not matter how much is rendered.
 */
export const runnablePlatform: PlatformFile = {
  ...smallPlatform,
  name: referencePlatform.name,
  flows: [
    ...smallPlatform.flows.filter(({ to }) => to !== "platform-service/secrets"),
    ...toServices,
    { from: "workload/fhir-proxy", to: "workload/decision-point" },
  ],
};
