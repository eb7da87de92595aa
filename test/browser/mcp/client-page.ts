import type { Page } from 'playwright-core';

/** Part of a response that the page could read. */
export interface ReadResponse {
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  /** 0 if the browser withheld the response. */
  readonly status: number;
  readonly challenge: string | null;
  /** Empty if the request succeeded. */
  readonly body: string;
}

/** Page of the MCP client, and the sign-in pages of the authorization server. */
export class McpClientPage {
  /** Uncaught errors, and requests that the browser did not allow. */
  readonly errors: string[] = [];

  constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      if (message.text().includes('blocked by CORS policy')) this.errors.push(message.text());
    });
  }

  async open(url: URL): Promise<void> {
    await this.page.goto(url.href);
  }

  async press(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).click();
  }

  /** Connects to a server. The page first requests the scope, whatever the server supports. */
  async connect(server: URL, scope: string): Promise<void> {
    await this.page.getByLabel('MCP server').fill(server.href);
    await this.page.getByLabel('Scope to request first').fill(scope);
    await this.press('Connect');
  }

  /** Signs a user in at the page of the authorization server. */
  async signIn(user: string): Promise<void> {
    await this.page.getByPlaceholder('Enter any login').fill(user);
    await this.page.getByPlaceholder('and password').fill('any');
    await this.press('Sign-in');
  }

  /** Grants what the client requests, at the page of the authorization server. */
  async consent(): Promise<void> {
    await this.press('Continue');
  }

  /** Waits until the page shows a result. */
  async shows(result: string): Promise<void> {
    await this.page.getByRole('status').getByText(result, { exact: true }).waitFor();
  }

  async responses(): Promise<readonly ReadResponse[]> {
    const records = await this.page
      .locator('[data-record]')
      .evaluateAll((rows) => rows.map((row) => String(row.getAttribute('data-record'))));
    return records.map((record) => JSON.parse(record));
  }
}
