import { Agent, createServer, get } from 'node:http';
import { close, listen, PortTakenError } from '../../local/http-server';

describe('listen', () => {
  it('listen takes a free port on loopback only', async () => {
    const server = createServer((_, response) => response.end('here'));

    const origin = await listen(server);

    expect(origin.href).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect(server.address()).toMatchObject({ address: '127.0.0.1' });
    expect(await (await fetch(origin)).text()).toBe('here');
    await close(server);
  });

  it('listen rejects a port in use with PortTakenError', async () => {
    const first = createServer();
    const { port } = await listen(first);

    const refused = listen(createServer(), Number(port));

    await expect(refused).rejects.toThrow(PortTakenError);
    await expect(refused).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`);
    await close(first);
  });

  it('listen takes a later port if the preferred one is in use', async () => {
    const [first, second] = [createServer(), createServer()];
    const taken = Number((await listen(first)).port);

    const port = Number((await listen(second, { preferred: taken })).port);

    expect(port).not.toBe(taken);
    await Promise.all([close(first), close(second)]);
    const third = createServer();
    expect(await listen(third, { preferred: taken })).toMatchObject({ port: String(taken) });
    await close(third);
  });
});

describe('close', () => {
  it('close ends idle connections and unfinished requests, and frees the port', async () => {
    let arrived = () => {};
    const underWay = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const server = createServer((request, response) => {
      if (request.url === '/hang') arrived();
      else response.end();
    });
    const origin = await listen(server);
    const agent = new Agent({ keepAlive: true });
    await new Promise((resolve) => {
      get(origin, { agent }, (response) => response.resume().on('end', resolve));
    });
    const broken = new Promise((resolve) => get(new URL('/hang', origin)).on('error', resolve));
    await underWay;

    await close(server);

    expect(await broken).toMatchObject({ code: 'ECONNRESET' });
    expect(await listen(server, Number(origin.port))).toEqual(origin);
    await close(server);
    agent.destroy();
  });

  it('close ignores a server that does not listen', async () => {
    await expect(close(createServer())).resolves.toBeUndefined();
  });
});
