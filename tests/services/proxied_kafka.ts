/**
 * A broker of the test's own whose clients all come through a proxy.
 * @module
 */
import { type KafkaOptions, type KafkaService, startKafka } from "./kafka.ts";
import { freePort } from "./owned_process.ts";
import { startProxy, type TcpProxy } from "./proxy.ts";

/** The two, and where clients connect to. */
export interface ProxiedKafka extends AsyncDisposable {
  readonly kafka: KafkaService;
  readonly proxy: TcpProxy;
  /** host:port. */
  readonly address: string;
}

/** Starts both, and waits until the broker serves. */
export async function startProxiedKafka(options: KafkaOptions = {}): Promise<ProxiedKafka> {
  const [client, internal, controller] = [freePort(), freePort(), freePort()];
  const proxy = startProxy(client);
  const inside = `INTERNAL://127.0.0.1:${internal}`;
  const kafka = await startKafka({
    ...options,
    settings: {
      "listeners": `CLIENT://127.0.0.1:${client},${inside},CONTROLLER://127.0.0.1:${controller}`,
      "advertised.listeners": `CLIENT://${proxy.address},${inside}`,
      "controller.quorum.voters": `1@127.0.0.1:${controller}`,
    },
  });
  return {
    kafka,
    proxy,
    address: proxy.address,
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await kafka[Symbol.asyncDispose]();
    },
  };
}
