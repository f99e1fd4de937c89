import { subnetLetters, type SubnetLetter } from "./address-plan";
import type { AwsTarget } from "./cloud-target";

/** The letter that tells an availability zone from the others of its region. */
export function zoneLetter(target: AwsTarget, availabilityZone: string): SubnetLetter {
  const letter = subnetLetters.find((candidate) => availabilityZone === `${target.region}${candidate}`);
  if (letter === undefined) {
    throw new RangeError(`${availabilityZone} is no availability zone of ${target.region}`);
  }
  return letter;
}
