/** A token proves nothing. The message says why, as a sentence without anything that the token holds. */
export class TokenRefused extends Error {
  override readonly name = "TokenRefused";
}
