import type { Locator, Page } from 'playwright-core';

/** Interval at which a field is read again, and the time after which that ends, in milliseconds. */
const POLL_MS = 20;
const PATIENCE_MS = 30_000;

/** Request as the page shows it. */
export interface ShownRequest {
  readonly id: string;
  readonly status: number;
  /** Text of what decided the request. */
  readonly source: string;
  /** Names of the steps in order. */
  readonly steps: readonly string[];
  readonly clientToken: string | undefined;
  readonly jwt: string | undefined;
}

/** Page of the inspector, driven by the roles and names that assistive technology uses. */
export class InspectorPage {
  /** Names of the buttons that were pressed. */
  readonly pressed = new Set<string>();
  /** Names of the buttons that the page has shown. */
  readonly seen = new Set<string>();
  /** URLs that the page has requested. */
  readonly requested: string[] = [];
  /** Errors, among them violations of the Content Security Policy. */
  readonly errors: string[] = [];

  constructor(readonly page: Page) {
    page.on('request', (request) => this.requested.push(request.url()));
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
  }

  /** Opens the page and waits for its first state. */
  async open(url: URL): Promise<void> {
    await this.page.goto(url.href);
    await this.page.getByRole('form', { name: 'Request to send' }).waitFor();
  }

  /** Presses a button by its name, within the group of a party if one is named. */
  async press(name: string, party?: string): Promise<void> {
    await this.#noteButtons();
    const within = party === undefined ? this.page : this.page.getByRole('group', { name: party });
    const button = within.getByRole('button', { name, exact: true });
    this.pressed.add(String(await button.getAttribute('data-action')));
    await button.click();
  }

  /** Presses the button of an action and waits for the effect that the page shows. */
  async act(name: string, party: string | undefined, effect: RegExp): Promise<void> {
    await this.press(name, party);
    await this.page.locator('.effect').filter({ hasText: effect }).waitFor();
    await this.#idle();
  }

  /** Presses a button that sends a request and returns what the page shows of it. */
  async send(name = 'Send'): Promise<ShownRequest> {
    const before = await this.#selectedId();
    await this.press(name);
    await this.page
      .locator(`[data-request][aria-current="true"]:not([data-request="${before}"])`)
      .waitFor();
    await this.#idle();
    return this.shown();
  }

  /** Gets a token of the chosen application. */
  async getToken(): Promise<string> {
    const field = this.page.getByLabel('Access token');
    const before = await field.inputValue();
    await this.press('Get a token');
    for (let wait = 0; (await field.inputValue()) === before; wait += POLL_MS) {
      if (wait > PATIENCE_MS) throw new Error('no token arrived');
      await this.page.waitForTimeout(POLL_MS);
    }
    await this.#idle();
    return field.inputValue();
  }

  async shown(): Promise<ShownRequest> {
    const request = this.page.getByRole('region', { name: 'Selected request' });
    const steps = await request
      .locator('[data-step]')
      .evaluateAll((items) => items.map((item) => String(item.getAttribute('data-step'))));
    return {
      id: String(await this.#selectedId()),
      status: Number(await request.locator('.title .pill').innerText()),
      source: await request.locator('.title strong').innerText(),
      steps,
      clientToken: await textOf(request.locator('[data-token=client]')),
      jwt: await textOf(request.locator('.swap [data-token=jwt]')),
    };
  }

  /** Returns the verdict, the value got and the value expected of a check. */
  async check(name: string): Promise<readonly string[]> {
    const cells = this.page.locator(`[data-check="${name}"] td`);
    return (await cells.allInnerTexts()).map((text) => text.replace(/^\W+/, '').trim());
  }

  /** Returns the width by which the page exceeds its window, in pixels. */
  async overflow(): Promise<number> {
    return this.page.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth);
  }

  async #noteButtons(): Promise<void> {
    const names = await this.page
      .locator('[data-action]')
      .evaluateAll((items) => items.map((item) => String(item.getAttribute('data-action'))));
    for (const name of names) this.seen.add(name);
  }

  async #selectedId(): Promise<string | null> {
    const selected = this.page.locator('[data-request][aria-current="true"]');
    return (await selected.count()) === 0 ? null : selected.getAttribute('data-request');
  }

  /** Waits until no action is under way. */
  async #idle(): Promise<void> {
    await this.page.locator('[data-action=send]:enabled').waitFor();
    await this.#noteButtons();
  }
}

async function textOf(locator: Locator): Promise<string | undefined> {
  return (await locator.count()) === 0 ? undefined : (await locator.first().innerText()).trim();
}
