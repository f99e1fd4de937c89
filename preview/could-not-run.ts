/** The preview could not be made: nothing is known of the stack, so nothing is accepted and nothing refused. */
export class CouldNotRun extends Error {
  constructor(message: string) {
    super(message);
    this.name = "CouldNotRun";
  }
}
