import { createServer } from 'node:http';
import { tokenCommand } from '../../../local/cli/token';
import { close, listen } from '../../../local/http-server';
import { UsageError } from '../../../terminal/user-error';

const token = (...args: string[]) =>
  tokenCommand().parseAsync(['orders-app', ...args], { from: 'user' });

test.each([
  ['--endpoint', 'nonsense'],
  ['--endpoint', '127.0.0.1:9400/token'],
  ['--dpop', 'localhost:8080'],
])('token rejects %s %s, which is not a URL', async (option, value) => {
  const rejected = token(option, value);

  await expect(rejected).rejects.toThrow(UsageError);
  await expect(rejected).rejects.toThrow(`${option} must be a URL, got: ${value}`);
});

test('token names an endpoint that responds without JSON, and no clients', async () => {
  const server = createServer((_, response) => response.writeHead(404).end('<html>'));
  const { href } = await listen(server);

  await expect(token('--endpoint', href)).rejects.toThrow(
    `no token from ${href}: the response with status 404 is not JSON`,
  );
  await close(server);
});
