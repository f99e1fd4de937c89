import { decodeJwt } from "jose";

import { grantedContext, type GrantedContext } from "../decision-point/granted-context";

/**
 * What a context token says was granted. It is not verified here, but by the decision point each time that it is asked, and
 * counts for nothing before.
 *
 * @returns `undefined` if it is no such token.
 */
export function claimedContext(token: string): GrantedContext | undefined {
  try {
    return grantedContext(decodeJwt(token));
  } catch {
    return undefined;
  }
}
