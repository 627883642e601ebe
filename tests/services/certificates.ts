/**
 * A certificate authority and a server certificate for loopback, made afresh by openssl for one test.
 * @module
 */

/** PEM files of one throw-away authority. */
export interface Certificates {
  /** The authority's certificate, for clients to trust. */
  readonly ca: string;
  /** File with the server's private key (PKCS#8), its certificate and the authority's, as Kafka reads it. */
  readonly keyStore: string;
}

/** Makes an authority and a certificate for `localhost` and 127.0.0.1 in a folder, valid for two days. */
export async function makeCertificates(dir: string): Promise<Certificates> {
  const at = (name: string) => `${dir}/${name}`;
  const newKey = ["-newkey", "rsa:2048", "-nodes"];
  await openssl(
    "req",
    "-x509",
    ...newKey,
    "-days",
    "2",
    "-subj",
    "/CN=Test authority", //
    "-keyout",
    at("ca.key"),
    "-out",
    at("ca.pem"),
  );
  await openssl(
    "req",
    ...newKey,
    "-subj",
    "/CN=localhost",
    "-keyout",
    at("server.key"),
    "-out",
    at("server.csr"),
  );
  await Deno.writeTextFile(at("names.ext"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
  await openssl(
    "x509",
    "-req",
    "-days",
    "2",
    "-in",
    at("server.csr"),
    "-extfile",
    at("names.ext"), //
    "-CA",
    at("ca.pem"),
    "-CAkey",
    at("ca.key"),
    "-CAcreateserial",
    "-out",
    at("server.pem"),
  );
  const [ca, key, certificate] = await Promise.all(
    ["ca.pem", "server.key", "server.pem"].map((name) => Deno.readTextFile(at(name))),
  );
  await Deno.writeTextFile(at("server-store.pem"), key + certificate + ca, { mode: 0o600 });
  return { ca, keyStore: at("server-store.pem") };
}

async function openssl(...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", { args, stdin: "null" }).output();
  if (!success) throw new Error(`openssl ${args[0]} failed: ${new TextDecoder().decode(stderr)}`);
}
