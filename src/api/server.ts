export async function buildApi(_deps: unknown): Promise<never> { throw new Error('x'); }
