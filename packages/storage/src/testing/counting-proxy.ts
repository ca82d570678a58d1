import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** A proxy before a server, which knows the connections of its clients. */
export interface CountingProxy {
  readonly url: string;
  /** Connections that were ever made. */
  made(): number;
  /** Connections that are open now. */
  open(): number;
  stop(): Promise<void>;
}

/** Starts one before the server at `target`. */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  const { hostname, port } = new URL(target);
  let made = 0;
  let open = 0;
  const server = createServer((client) => {
    made++;
    open++;
    const upstream = connect(Number(port), hostname);
    client.pipe(upstream).pipe(client);
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
    client.once('close', () => {
      open--;
      upstream.destroy();
    });
    upstream.once('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    made: () => made,
    open: () => open,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
