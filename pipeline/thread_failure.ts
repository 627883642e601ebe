/**
 * How one hears that a thread has failed.
 * @module
 */

/** Calls back with the reason, in a line, when the thread throws or sends what can't be understood; this process goes on. */
export function onThreadFailure(worker: Worker, fail: (reason: string) => void): void {
  worker.onmessageerror = () => fail("the thread sent what can't be understood");
  worker.onerror = (event) => {
    event.preventDefault(); // else it would end this process
    fail(event.message.split("\n")[0]); // where in the code follows, for terminals
  };
}
