// The worker's door. What it runs is large and waits at its top for its own modules, during which
// messages would be lost: so it is imported when the first one is there.

addEventListener('message', async ({ data }) => {
  try {
    const { answer } = await import('./worker');
    postMessage(await answer(data));
  } catch (error) {
    const message = `jco could not be loaded: ${error instanceof Error ? error.message : error}`;
    postMessage({ id: data.id, problem: { code: 'io', message, place: {} } });
  }
});
