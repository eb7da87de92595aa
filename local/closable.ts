/** Part that is closed when it is not needed any more. */
export interface Closable {
  close(): Promise<void>;
}

/**
 * Starts several parts as one. Closing it closes them, the last one first. If the start fails, those that it has
 * started are closed at once.
 *
 * @param start adds each part to the list that it receives, as soon as it runs
 */
export async function startAll<Result extends object>(
  start: (started: Closable[]) => Promise<Result>,
): Promise<Result & Closable> {
  const started: Closable[] = [];
  const close = async () => {
    for (const part of started.splice(0).reverse()) await part.close();
  };
  try {
    return { ...(await start(started)), close };
  } catch (error) {
    await close();
    throw error;
  }
}
