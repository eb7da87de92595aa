import { createSteadyClock } from '../../../lambda/io/steady-clock';

function create() {
  const clocks = { wall: 1_000_000, monotonic: 5000 };
  const now = createSteadyClock({ wall: () => clocks.wall, monotonic: () => clocks.monotonic });
  /** Lets both clocks go on, in milliseconds. */
  const pass = (wall: number, monotonic = wall) => {
    clocks.wall += wall;
    clocks.monotonic += monotonic;
    return now();
  };
  return { now, pass };
}

describe('createSteadyClock', () => {
  it('a steady clock counts seconds', () => {
    const { now, pass } = create();

    expect(now()).toBe(0);
    expect(pass(1500)).toBe(1.5);
    expect(pass(500)).toBe(2);
  });

  it('a steady clock goes on when the wall clock steps back', () => {
    const { pass } = create();
    pass(1000);

    expect(pass(-3_600_000, 1000)).toBe(2);
    expect(pass(1000)).toBe(3);
  });

  it('a steady clock counts time that only the wall clock counts, such as that of a frozen environment', () => {
    const { pass } = create();

    expect(pass(60_000, 10)).toBe(60);
  });

  it('a steady clock stands still when the wall clock steps back and no time passes', () => {
    const { pass } = create();
    pass(1000);

    expect(pass(-500, 0)).toBe(1);
  });
});
