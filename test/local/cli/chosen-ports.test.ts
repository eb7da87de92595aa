import { createServer } from 'node:http';
import { checkChosenPorts } from '../../../local/cli/chosen-ports';
import { close, listen, PortTakenError } from '../../../local/http-server';

test('the same port for the API and the inspector is rejected at once', async () => {
  await expect(checkChosenPorts({ port: 8080, inspectorPort: 8080 })).rejects.toThrow(
    '--port and --inspector-port must differ, got: 8080 for both',
  );
});

test.each([[{}], [{ port: 0, inspectorPort: 0 }]])(
  'any free ports are accepted: %j',
  async (ports) => {
    await expect(checkChosenPorts(ports)).resolves.toBeUndefined();
  },
);

test('a port on which another program listens is rejected', async () => {
  const server = createServer();
  const port = Number((await listen(server)).port);

  await expect(checkChosenPorts({ port })).rejects.toThrow(PortTakenError);
  await expect(checkChosenPorts({ inspectorPort: port })).rejects.toThrow(PortTakenError);
  await close(server);
});
