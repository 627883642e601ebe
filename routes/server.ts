/**
 * Listens on an address, and says so plainly when that can't be done.
 * @module
 */
import { Fault } from "../pipeline/fault.ts";

/** A listening server; disposing of it lets answers that are under way be finished, but not for long. */
export interface Server extends AsyncDisposable {
  readonly port: number;
}

/** Answers a request; `info` says from where it came. */
export type Handler = (request: Request, info: Deno.ServeHandlerInfo) => Response | Promise<Response>;

/** How long a client may take for the rest of its request, or to read its answer, once the server is to end. */
const PATIENCE_MS = 1_500;

/**
 * Starts to serve.
 * @throws {Fault} PORT_TAKEN where the address is in use, isn't this machine's, or is reserved
 */
export function openServer(host: string, port: number, handler: Handler): Server {
  let server: Deno.HttpServer<Deno.NetAddr>;
  try {
    server = Deno.serve(
      { hostname: host, port, onListen() {} },
      (request, info) => request.method === "HEAD" ? head(request, info, handler) : handler(request, info),
    );
  } catch (cause) {
    if (cause instanceof Deno.errors.AddrInUse) {
      throw new Fault("PORT_TAKEN", `Something else listens on ${host}:${port}; set another PORT`, { cause });
    }
    throw new Fault("PORT_TAKEN", `${host}:${port} can't be listened on here; set another HOST or PORT`, {
      cause,
    });
  }
  return {
    port: server.addr.port,
    async [Symbol.asyncDispose]() {
      let timer: ReturnType<typeof setTimeout>;
      const outOfPatience = new Promise((resolve) => timer = setTimeout(resolve, PATIENCE_MS));
      // Deno offers no way to break a connection: what still hangs then ends with the process.
      await Promise.race([server.shutdown(), outOfPatience]);
      clearTimeout(timer!);
    },
  };
}

/** Deno sends no body in answer to HEAD, but the length of the one that it is given: so it is given GET's. */
async function head(request: Request, info: Deno.ServeHandlerInfo, handler: Handler): Promise<Response> {
  const { url, headers } = request; // a copy of all of it would touch its signal, of which Deno warns on stderr
  const response = await handler(new Request(url, { headers }), info);
  if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) return response;
  await response.body?.cancel(); // it would never end
  return new Response(null, response);
}

/** The address to type into a browser on this machine. */
export function urlOf(host: string, port: number): string {
  if (host === "127.0.0.1") return `http://localhost:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Where a process on this machine reaches a server that listens on `host`. */
export function hostToConnectTo(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}
