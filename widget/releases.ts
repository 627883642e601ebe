/**
 * The versions of the widget that pages may pin: files in `releases/`, as they were built, which never change.
 * @module
 */

/** The newest one last. */
export const RELEASES = ["1.0.0", "1.0.1", "1.0.2"] as const;
