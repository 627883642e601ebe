/**
 * Listens on an address, and says so plainly when that can't be done.
 * @module
 */
import { Fault } from "../pipeline/fault.ts";

/**
 * Starts to serve.
 * @throws {Fault} PORT_TAKEN where the address is in use, isn't this machine's, or is reserved
 */
export function openServer(
  host: string,
  port: number,
  handler: Deno.ServeHandler,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ hostname: host, port, onListen() {} }, handler);
  } catch (cause) {
    if (cause instanceof Deno.errors.AddrInUse) {
      throw new Fault("PORT_TAKEN", `Something else listens on ${host}:${port}; set another PORT`, { cause });
    }
    if (cause instanceof Deno.errors.PermissionDenied || cause instanceof Deno.errors.AddrNotAvailable) {
      throw new Fault("PORT_TAKEN", `${host}:${port} can't be listened on here; set another HOST or PORT`, {
        cause,
      });
    }
    throw cause;
  }
}

/** The address to type into a browser on this machine. */
export function urlOf(host: string, port: number): string {
  if (host === "127.0.0.1") return `http://localhost:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
