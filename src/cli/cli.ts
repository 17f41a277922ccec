export const addCommands = (..._a: unknown[]) => undefined;
