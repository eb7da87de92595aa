import { Agent, createServer, get } from 'node:http';
import { close, listen, PortTakenError, successivePort } from '../../local/http-server';
import { UserError } from '../../terminal/user-error';

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

  it('listen names a port that needs rights', async () => {
    const server = createServer();
    jest.spyOn(server, 'listen').mockImplementation(() => {
      server.emit('error', Object.assign(new Error('listen EACCES'), { code: 'EACCES' }));
      return server;
    });

    const refused = listen(server, 80);

    await expect(refused).rejects.toThrow(UserError);
    await expect(refused).rejects.toThrow('port 80 on 127.0.0.1 needs rights');
  });

  it('listen takes any free port after the last one', async () => {
    const [first, second] = [createServer(), createServer()];
    const hasLast = await listen(first, { preferred: 65_535 });

    expect(Number((await listen(second, { preferred: 65_535 })).port)).not.toBe(65_535);
    expect(Number(hasLast.port)).toBeLessThanOrEqual(65_535);
    await Promise.all([close(first), close(second)]);
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

describe('successivePort', () => {
  it.each([
    ['of a free one', 0, [0, 0]],
    ['of a given one', 8080, [8080, { preferred: 8081 }]],
    ['of a preferred one', { preferred: 8080 }, [{ preferred: 8080 }, { preferred: 8081 }]],
  ])(
    'servers with successive ports: the choice %s is that of the first one only',
    (_, choice, expected) => {
      expect([0, 1].map((index) => successivePort(choice, index))).toEqual(expected);
    },
  );

  it('a server after the first one takes the next free port', async () => {
    const [first, other, second] = [createServer(), createServer(), createServer()];
    const port = Number((await listen(first)).port);
    await listen(other, { preferred: port + 1 });

    const at = await listen(second, successivePort(port, 1));

    expect(Number(at.port)).not.toBe(port + 1);
    await Promise.all([first, other, second].map(close));
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
